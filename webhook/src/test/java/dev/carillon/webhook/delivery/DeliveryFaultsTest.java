package dev.carillon.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.event.Event;
import dev.carillon.event.EventStatus;
import dev.carillon.postgres.AttemptLog;
import dev.carillon.postgres.AttemptLog.Result;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.EventOperations;
import dev.carillon.testkit.receiver.Answer;
import dev.carillon.testkit.receiver.Pace;
import dev.carillon.testkit.receiver.WebhookReceiver;
import dev.carillon.webhook.http.Authority;
import dev.carillon.webhook.http.RawServer;
import dev.carillon.webhook.http.TlsReceiver;
import dev.carillon.webhook.http.WebhookClient;
import dev.carillon.webhook.sign.SigningKey;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What becomes of an event, in the engine's tables and in the log, when its receiver misbehaves.
 */
@Timeout(120)
class DeliveryFaultsTest {

  private static final SigningKey KEY = SigningKey.generate();
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Duration LONG = Duration.ofSeconds(30);
  // Enough for the head of a response even on a busy machine, and too short for a dripping body.
  private static final Duration TIME_FOR_THE_HEAD = Duration.ofSeconds(2);
  private static final Duration GAP = Duration.ofMillis(100);
  private static final long ONE_GB = 1_000_000_000L;
  // What the sockets' buffers hold of a body that nobody reads, with much to spare.
  private static final long MOST_UNREAD = 32_000_000L;

  private final Database database = DeliveryDatabase.emptied();
  private final WebhookClient client = Senders.client();

  @AfterEach
  void close() {
    client.close();
  }

  /** An event after its first attempt, and what the log says of it. */
  private record Tried(EventOperations.Details event, AttemptLog.Entry attempt) {

    JsonNode details() {
      return Deliverer.json(attempt.details());
    }

    void assertDone() {
      assertThat(event.status()).isEqualTo(EventStatus.COMPLETED);
      assertThat(attempt.result()).isEqualTo(Result.COMPLETED);
      assertThat(attempt.reason()).isNull();
    }

    void assertTriedAgain(String reason) {
      assertThat(event.status()).isEqualTo(EventStatus.PENDING);
      assertThat(event.retryCount()).isEqualTo(1);
      assertThat(event.failureReason()).isEqualTo(reason);
      assertThat(event.nextAttemptAt()).isAfter(attempt.endedAt());
      assertThat(attempt.result()).isEqualTo(Result.RETRIED);
      assertThat(attempt.reason()).isEqualTo(reason);
      assertThat(attempt.number()).isEqualTo(1);
    }

    /** Nothing was answered, and the log says why. */
    void assertUnanswered(String reason) {
      assertTriedAgain(reason);
      assertThat(details().get("error").asText()).isEqualTo(reason);
      assertThat(details().has("status")).isFalse();
    }
  }

  @Nested
  class WithoutAnAnswer {

    @Test
    void aTimeoutIsTriedAgain() throws Exception {
      try (WebhookReceiver silent = WebhookReceiver.start(CLOCK, List.of(KEY.secret()))) {
        silent.answer(_ -> Answer.accepted().withPace(new Pace.Never()));
        tried(silent.url(), Duration.ofMillis(500))
            .assertUnanswered("time-out after 500 ms in all, waiting for the response");
      }
    }

    @Test
    void aClosedPortIsTriedAgain() throws Exception {
      int port;
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
        port = free.getLocalPort();
      }
      tried(URI.create("http://127.0.0.1:" + port + "/"), LONG)
          .assertUnanswered("connection refused");
    }

    @Test
    void aResetBeforeTheAnswerIsTriedAgain() throws Exception {
      tried(RawServer.Connection::resetAfterRequest)
          .assertUnanswered("the connection broke before the response");
    }

    @Test
    void aNameThatDoesNotExistIsTriedAgain() throws Exception {
      Tried tried = tried(URI.create("http://crm.invalid/in"), LONG);
      tried.assertUnanswered("the host name was not found");
      assertThat(tried.details().get("timings").has("dns_ms")).isTrue();
      assertThat(tried.details().get("timings").has("connect_ms")).isFalse();
    }

    @Test
    void aReceiverWhoseCertificateNobodySignedIsTriedAgain() throws Exception {
      Authority unknown = new Authority();
      try (TlsReceiver receiver =
          TlsReceiver.start(unknown.context(unknown.server("crm.example")), false)) {
        Tried tried = tried(receiver.url("crm.example"), LONG);
        tried.assertUnanswered(
            "TLS failed: no trusted authority has signed the receiver's certificate");
        assertThat(tried.details().get("timings").has("tls_ms")).isTrue();
        assertThat(receiver.clients()).isEmpty();
      }
    }

    @Test
    void aReceiverThatSpeaksNoTlsIsTriedAgain() throws Exception {
      try (RawServer plain =
          RawServer.start(connection -> {
            connection.write("HTTP/1.1 400 This is HTTP\r\n\r\n");
            connection.pause(LONG);
          })) {
        tried(plain.url("https"), LONG)
            .assertUnanswered("TLS failed: the receiver does not speak TLS");
      }
    }

    @Test
    void anAnswerThatIsNotHttpIsTriedAgain() throws Exception {
      assertThat(
              tried(
                      connection -> {
                        connection.readRequest();
                        connection.write("SSH-2.0-OpenSSH_9.9\r\n".repeat(100));
                      })
                  .event()
                  .status())
          .isEqualTo(EventStatus.PENDING);
    }
  }

  @Nested
  class TheStatusDecides {

    @Test
    void whereASuccessIsResetInItsBody() throws Exception {
      tried(resetAfter("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")).assertDone();
    }

    @Test
    void whereAFailureIsResetInItsBody() throws Exception {
      Tried tried = tried(resetAfter("HTTP/1.1 503 Busy\r\nContent-Length: 10\r\n\r\nabc"));
      assertThat(tried.event().status()).isEqualTo(EventStatus.PENDING);
      assertThat(tried.event().failureReason()).startsWith("HTTP 503");
      assertThat(tried.details().get("status").asInt()).isEqualTo(503);
    }

    @ParameterizedTest
    @CsvSource({"200, Content-Length: 1000000000", "200, Connection: close", "500, X: y"})
    void whereAnAnswerIsAGigabyteOfWhich4KibAreKept(int status, String header) throws Exception {
      try (RawServer server =
          RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 " + status + " Oh\r\n" + header + "\r\n\r\n");
            String block = "x".repeat(100_000);
            for (long sent = 0; sent < ONE_GB; sent += block.length()) {
              connection.write(block);
            }
          })) {
        Tried tried = tried(server.url("http"), LONG);
        assertThat(server.bytesWritten()).isLessThan(MOST_UNREAD);
        assertThat(tried.details().get("response").asText()).isEqualTo("x".repeat(4096));
        if (status == 200) {
          tried.assertDone();
        } else {
          tried.assertTriedAgain("HTTP 500: " + "x".repeat(ResponseRules.MAX_BODY_IN_REASON));
        }
      }
    }

    @Test
    void whereASuccessDripsForEverAndItTakesNoLongerThanItsTime() throws Exception {
      Tried tried = tried(dripping("HTTP/1.1 200 OK\r\n\r\n"), TIME_FOR_THE_HEAD);
      tried.assertDone();
      assertThat(tried.details().get("response").asText()).startsWith("x").hasSizeLessThan(100);
      assertThat(tried.details().get("timings").get("total_ms").asDouble())
          .isBetween(1_999.0, 20_000.0);
    }

    @Test
    void whereAFailureDripsForEver() throws Exception {
      Tried tried = tried(dripping("HTTP/1.1 500 Oh\r\n\r\n"), TIME_FOR_THE_HEAD);
      assertThat(tried.event().status()).isEqualTo(EventStatus.PENDING);
      assertThat(tried.event().failureReason()).startsWith("HTTP 500: x");
    }

    @Test
    void butAHeadThatDripsIsNoAnswer() throws Exception {
      RawServer.Script script =
          connection -> {
            connection.readRequest();
            connection.drip("HTTP/1.1 200 OK\r\nX: " + "x".repeat(1_000), GAP);
          };
      tried(script, Duration.ofMillis(500))
          .assertUnanswered("time-out after 500 ms in all, waiting for the response");
    }

    private static RawServer.Script resetAfter(String answer) {
      return connection -> {
        connection.readRequest();
        connection.write(answer);
        connection.pause(Duration.ofMillis(200));
        connection.reset();
      };
    }

    private static RawServer.Script dripping(String head) {
      return connection -> {
        connection.readRequest();
        connection.write(head);
        connection.drip("x".repeat(1_000), GAP);
      };
    }
  }

  private Tried tried(RawServer.Script script) throws Exception {
    return tried(script, LONG);
  }

  private Tried tried(RawServer.Script script, Duration timeout) throws Exception {
    try (RawServer server = RawServer.start(script)) {
      return tried(server.url("http"), timeout);
    }
  }

  private Tried tried(URI url, Duration timeout) throws Exception {
    Receiver receiver = Senders.receiver(url, timeout, KEY);
    try (Deliverer deliverer = new Deliverer(database, _ -> receiver, client)) {
      Event event = deliverer.planned();
      deliverer.drain();
      AttemptLog.Entry attempt = deliverer.attempt(event);
      assertThat(attempt.lane()).isEqualTo(receiver.id());
      return new Tried(deliverer.details(event), attempt);
    }
  }
}
