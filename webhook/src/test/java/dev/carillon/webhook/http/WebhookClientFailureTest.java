package dev.carillon.webhook.http;

import static dev.carillon.webhook.http.Clients.LONG;
import static dev.carillon.webhook.http.Clients.SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.receiver.Answer;
import dev.carillon.testkit.receiver.Pace;
import dev.carillon.testkit.receiver.WebhookReceiver;
import dev.carillon.webhook.http.Exchanged.Answered;
import dev.carillon.webhook.http.Exchanged.Unanswered;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebhookClientFailureTest {

  private static final InstantSource CLOCK = InstantSource.system();
  // Enough for the head of a response even on a busy machine, and too short for a dripping body.
  private static final Duration TIME_FOR_THE_HEAD = Duration.ofSeconds(2);

  private static final Duration GAP = Duration.ofMillis(20);
  private static final long ONE_GB = 1_000_000_000L;

  // What the sockets' buffers hold of a body that nobody reads, with much to spare.
  private static final long MOST_UNREAD = 32_000_000L;

  @Test
  void aClosedPortRefusesTheConnection() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      port = free.getLocalPort();
    }
    assertThat(failure(URI.create("http://127.0.0.1:" + port + "/?token=hunter2"), LONG))
        .isEqualTo("ENDPOINT: connection refused");
  }

  @Nested
  class AResetConnection {

    @Test
    void beforeTheResponseIsAFailure() throws Exception {
      assertThat(failureOn(RawServer.Connection::reset)).isEqualTo(broken());
    }

    @Test
    void inTheHeadOfTheResponseIsAFailure() throws Exception {
      assertThat(
              failureOn(connection -> {
                connection.write("HTTP/1.1 200 OK\r\nContent-Le");
                connection.reset();
              }))
          .isEqualTo(broken());
    }

    @Test
    void inTheBodyIsAnAnswerForTheStatusDecides() throws Exception {
      WebhookResponse response =
          answerOn(connection -> {
            connection.write(
                "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 10\r\n\r\nabc");
            connection.reset();
          });
      // A reset may overtake the body's first bytes, so these are not looked at.
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.retryAfter()).isEqualTo("7");
    }

    @Test
    void thatIsClosedInGoodOrderWithoutAnswerIsAFailure() throws Exception {
      assertThat(failureOn(_ -> {})).isEqualTo(broken());
    }

    private static String broken() {
      return "ENDPOINT: the connection broke before the response";
    }
  }

  @Nested
  class ASlowReceiver {

    @Test
    void thatIsSilentRunsIntoTheTimeout() throws Exception {
      try (WebhookReceiver receiver = receiver(Answer.accepted().withPace(new Pace.Never()))) {
        assertThat(failure(receiver.url(), SHORT)).isEqualTo(late());
      }
    }

    @Test
    void thatDripsItsHeadRunsIntoTheTimeout() throws Exception {
      RawServer.Script script =
          connection -> connection.drip("HTTP/1.1 200 OK\r\nX: " + "x".repeat(10_000), GAP);
      assertThat(failure(exchangedOn(script, SHORT))).isEqualTo(late());
    }

    @Test
    void thatSendsInterimResponsesForEverRunsIntoTheTimeout() throws Exception {
      RawServer.Script script =
          connection -> {
            for (int i = 0; i < 10_000; i++) {
              connection.pause(GAP);
              connection.write("HTTP/1.1 103 Early Hints\r\n\r\n");
            }
          };
      assertThat(failure(exchangedOn(script, SHORT))).isEqualTo(late());
    }

    @Test
    void thatDoesNotReadRunsIntoTheTimeout() throws Exception {
      try (RawServer server = RawServer.start(connection -> connection.pause(LONG));
          WebhookClient client = Clients.client()) {
        WebhookRequest large =
            new WebhookRequest(server.url("http"), Map.of(), new byte[100_000_000], SHORT, null);
        assertThat(failure(client.post(large))).isEqualTo(late());
      }
    }

    @Test
    void thatDripsItsBodyHasAnsweredWhenTheTimeIsOver() throws Exception {
      Answer dripping =
          Answer.status(500).withBody("x".repeat(10_000)).withPace(new Pace.Dripping(GAP));
      try (WebhookReceiver receiver = receiver(dripping)) {
        WebhookResponse response = answer(post(receiver.url(), TIME_FOR_THE_HEAD));
        assertThat(response.status()).isEqualTo(500);
        assertThat(response.body()).startsWith("xx").hasSizeLessThan(4096);
      }
    }

    @Test
    void isLetGoWhenTheTimeIsOver() throws Exception {
      try (RawServer server =
              RawServer.start(connection -> {
                connection.readRequest();
                connection.drip("x".repeat(1_000_000), GAP);
              });
          WebhookClient client = Clients.client()) {
        client.post(Clients.request(server.url("http"), SHORT));
        // Known only when a write failed, while the client is still open: it closed the connection.
        assertThat(server.bytesWritten()).isLessThan(1_000_000);
      }
    }

    @Test
    void keepsTheNextRequestWaitingForAConnectionOnlySoLong() throws Exception {
      try (WebhookReceiver receiver = receiver(Answer.accepted().withPace(new Pace.Never()));
          WebhookClient client = Clients.client(SHORT, 1);
          var executor = Executors.newVirtualThreadPerTaskExecutor()) {
        var first = executor.submit(() -> client.post(Clients.request(receiver.url())));
        assertThat(receiver.await(1, LONG)).isTrue();
        assertThat(failure(client.post(Clients.request(receiver.url()))))
            .isEqualTo("OURS: time-out after 200 ms waiting for one of 1 connections");
        first.cancel(true);
      }
    }

    private static String late() {
      return "ENDPOINT: time-out after 200 ms in all, waiting for the response";
    }
  }

  @Nested
  class AResponseTooLarge {

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000000000", "Connection: close", "chunked"})
    void isNotDownloaded(String framing) throws Exception {
      String header = framing.equals("chunked") ? "Transfer-Encoding: chunked" : framing;
      String start = framing.equals("chunked") ? "3b9aca00\r\n" : "";
      try (RawServer server =
          RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 500 Oh\r\n" + header + "\r\n\r\n" + start);
            String block = "x".repeat(100_000);
            for (long sent = 0; sent < ONE_GB; sent += block.length()) {
              connection.write(block);
            }
          })) {
        WebhookResponse response = answer(post(server.url("http"), LONG));
        assertThat(response).isEqualTo(new WebhookResponse(500, null, "x".repeat(4096)));
        assertThat(server.bytesWritten()).isLessThan(MOST_UNREAD);
      }
    }

    @Test
    void inItsHeadIsRefused() throws Exception {
      assertThat(
              failureOn(connection ->
                  connection.write("HTTP/1.1 200 OK\r\nX: " + "x".repeat(100_000) + "\r\n\r\n")))
          .isEqualTo("ENDPOINT: the response's head is too large or not HTTP");
    }

    @Test
    void inTheNumberOfItsHeadersIsRefused() throws Exception {
      assertThat(
              failureOn(
                  connection -> connection.write("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(1000))))
          .isEqualTo("ENDPOINT: the response's head is too large or not HTTP");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"SSH-2.0-OpenSSH_9.9\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 xyz\r\n"})
  void anAnswerThatIsNotHttpIsAFailure(String garbage) throws Exception {
    assertThat(failureOn(connection -> connection.write(garbage.repeat(99))))
        .startsWith("ENDPOINT: the response")
        .endsWith("not HTTP");
  }

  @Nested
  class Tls {

    @Test
    void toAPlainPortFails() throws Exception {
      try (RawServer server =
          RawServer.start(connection -> {
            connection.write("HTTP/1.1 400 Bad Request\r\n\r\n");
            connection.pause(LONG);
          })) {
        assertThat(failure(server.url("https"), LONG))
            .isEqualTo("ENDPOINT: TLS failed: the receiver does not speak TLS");
      }
    }

    @Test
    void thatIsNeverAnsweredRunsIntoTheConnectTimeout() throws Exception {
      try (RawServer server = RawServer.start(connection -> connection.pause(LONG));
          WebhookClient client = Clients.client(SHORT, 1)) {
        assertThat(failure(client.post(Clients.request(server.url("https")))))
            .isEqualTo("ENDPOINT: time-out after 200 ms in the TLS handshake");
      }
    }

    @Test
    void thatIsNeverAnsweredRunsIntoTheTimeoutIfThatIsShorter() throws Exception {
      try (RawServer server = RawServer.start(connection -> connection.pause(LONG))) {
        assertThat(failure(server.url("https"), SHORT))
            .startsWith("ENDPOINT: time-out after 200 ms")
            .endsWith("in the TLS handshake");
      }
    }

    @Test
    void thatIsBrokenOffFails() throws Exception {
      try (RawServer server = RawServer.start(RawServer.Connection::reset)) {
        assertThat(failure(server.url("https"), LONG)).startsWith("ENDPOINT: ");
      }
    }
  }

  private static String failureOn(RawServer.Script script) throws Exception {
    return failure(exchangedOn(script, LONG));
  }

  private static WebhookResponse answerOn(RawServer.Script script) throws Exception {
    return answer(exchangedOn(script, LONG));
  }

  /** Posts to a server that reads the request and then does as scripted. */
  private static Exchanged exchangedOn(RawServer.Script script, Duration timeout) throws Exception {
    try (RawServer server =
        RawServer.start(connection -> {
          connection.readRequest();
          script.run(connection);
        })) {
      return post(server.url("http"), timeout);
    }
  }

  private static String failure(URI url, Duration timeout) throws Exception {
    return failure(post(url, timeout));
  }

  private static Exchanged post(URI url, Duration timeout) throws Exception {
    try (WebhookClient client = Clients.client()) {
      return client.post(Clients.request(url, timeout));
    }
  }

  private static WebhookResponse answer(Exchanged exchanged) {
    assertThat(exchanged).isInstanceOf(Answered.class);
    return ((Answered) exchanged).response();
  }

  private static String failure(Exchanged exchanged) {
    assertThat(exchanged).isInstanceOf(Unanswered.class);
    Unanswered unanswered = (Unanswered) exchanged;
    assertThat(unanswered.reason()).doesNotContain("hunter2", "127.0.0.1");
    return unanswered.fault() + ": " + unanswered.reason();
  }

  private static WebhookReceiver receiver(Answer answer) {
    WebhookReceiver receiver = WebhookReceiver.start(CLOCK, List.of());
    receiver.answer(_ -> answer);
    return receiver;
  }
}
