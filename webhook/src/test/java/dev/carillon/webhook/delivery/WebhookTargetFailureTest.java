package dev.carillon.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.target.Outcome;
import dev.carillon.testkit.receiver.Answer;
import dev.carillon.testkit.receiver.Pace;
import dev.carillon.testkit.receiver.WebhookReceiver;
import dev.carillon.webhook.http.RawServer;
import dev.carillon.webhook.http.WebhookConfig;
import dev.carillon.webhook.sign.SigningKey;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebhookTargetFailureTest {

  private static final SigningKey KEY = SigningKey.generate();
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofSeconds(30);
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
    assertThat(perform(URI.create("http://127.0.0.1:" + port + "/?token=hunter2"), LONG, LONG))
        .isEqualTo(new Outcome.Retryable("connection refused"));
  }

  @Test
  void anUnknownHostIsRetryable() throws Exception {
    assertThat(perform(URI.create("http://no-such-host.invalid/?token=hunter2"), LONG, LONG))
        .isEqualTo(new Outcome.Retryable("the host name was not found"));
  }

  @Nested
  class AResetConnection {

    @Test
    void beforeTheResponseIsRetryable() throws Exception {
      assertThat(performOn(RawServer.Connection::reset)).isEqualTo(broken());
    }

    @Test
    void inTheHeadOfTheResponseIsRetryable() throws Exception {
      assertThat(
              performOn(connection -> {
                connection.write("HTTP/1.1 200 OK\r\nContent-Le");
                connection.reset();
              }))
          .isEqualTo(broken());
    }

    @Test
    void inTheBodyOfAnAcceptanceIsASuccessForTheReceiverHasTheEvent() throws Exception {
      assertThat(
              performOn(connection -> {
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
                connection.reset();
              }))
          .isEqualTo(new Outcome.Succeeded());
    }

    @Test
    void inTheBodyOfAFailureIsThatFailure() throws Exception {
      Outcome outcome =
          performOn(connection -> {
            connection.write(
                "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 10\r\n\r\nabc");
            connection.reset();
          });
      // A reset may overtake the body's first bytes, so these are not looked at.
      assertThat(outcome).isInstanceOf(Outcome.Retryable.class);
      assertThat(((Outcome.Retryable) outcome).reason()).startsWith("HTTP 503");
      assertThat(((Outcome.Retryable) outcome).retryAfter()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void thatIsClosedInGoodOrderWithoutAnswerIsRetryable() throws Exception {
      assertThat(performOn(_ -> {})).isEqualTo(broken());
    }

    private static Outcome broken() {
      return new Outcome.Retryable("the connection broke before the response");
    }
  }

  @Nested
  class ASlowReceiver {

    @Test
    void thatIsSilentRunsIntoTheResponseTimeout() throws Exception {
      try (WebhookReceiver receiver = receiver(Answer.accepted().withPace(new Pace.Never()))) {
        assertThat(perform(receiver.url(), SHORT, LONG))
            .isEqualTo(new Outcome.Retryable("time-out after 200 ms waiting for the response"));
      }
    }

    @Test
    void thatDripsItsHeadRunsIntoTheTotalTimeout() throws Exception {
      Outcome outcome =
          performOn(
              connection -> connection.drip("HTTP/1.1 200 OK\r\nX: " + "x".repeat(10_000), GAP),
              LONG,
              SHORT);
      assertThat(outcome).isEqualTo(new Outcome.Retryable("time-out after 200 ms in all"));
    }

    @Test
    void thatDripsTheBodyOfAFailureIsNotWaitedForLongerThanTheTotalTimeout() throws Exception {
      Answer dripping =
          Answer.status(500).withBody("x".repeat(10_000)).withPace(new Pace.Dripping(GAP));
      try (WebhookReceiver receiver = receiver(dripping)) {
        assertThat(perform(receiver.url(), LONG, TIME_FOR_THE_HEAD))
            .isEqualTo(new Outcome.Retryable("HTTP 500"));
      }
    }

    @Test
    void thatDripsTheBodyOfAnAcceptanceHasAccepted() throws Exception {
      Answer dripping =
          Answer.status(200).withBody("x".repeat(10_000)).withPace(new Pace.Dripping(GAP));
      try (WebhookReceiver receiver = receiver(dripping)) {
        assertThat(perform(receiver.url(), LONG, TIME_FOR_THE_HEAD))
            .isEqualTo(new Outcome.Succeeded());
      }
    }

    @Test
    void thatSendsInterimResponsesForEverRunsIntoTheTotalTimeout() throws Exception {
      Outcome outcome =
          performOn(
              connection -> {
                for (int i = 0; i < 10_000; i++) {
                  connection.pause(GAP);
                  connection.write("HTTP/1.1 103 Early Hints\r\n\r\n");
                }
              },
              LONG,
              SHORT);
      assertThat(outcome).isEqualTo(new Outcome.Retryable("time-out after 200 ms in all"));
    }

    @Test
    void isLetGoWhenTheTimeIsOver() throws Exception {
      try (RawServer server =
              RawServer.start(connection -> {
                connection.readRequest();
                connection.drip("x".repeat(1_000_000), GAP);
              });
          WebhookTarget target =
              new WebhookTarget(
                  new WebhookConfig(server.url("http"), List.of(KEY), LONG, LONG, SHORT, 1),
                  CLOCK)) {
        target.perform(Attempts.first());
        // Known only when a write failed, while the target is still open: it closed the connection.
        assertThat(server.bytesWritten()).isLessThan(1_000_000);
      }
    }

    @Test
    void keepsTheNextAttemptWaitingForAConnectionOnlySoLong() throws Exception {
      try (WebhookReceiver receiver = receiver(Answer.accepted().withPace(new Pace.Never()));
          WebhookTarget target =
              new WebhookTarget(
                  new WebhookConfig(receiver.url(), List.of(KEY), SHORT, LONG, LONG, 1), CLOCK);
          var executor = Executors.newVirtualThreadPerTaskExecutor()) {
        var first = executor.submit(() -> target.perform(Attempts.first()));
        assertThat(receiver.await(1, LONG)).isTrue();
        assertThat(target.perform(Attempts.first()))
            .isEqualTo(
                new Outcome.Retryable("time-out after 200 ms waiting for one of 1 connections"));
        first.cancel(true);
      }
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
        assertThat(perform(server.url("http"), LONG, LONG))
            .isEqualTo(new Outcome.Retryable("HTTP 500: " + "x".repeat(200)));
        assertThat(server.bytesWritten()).isLessThan(MOST_UNREAD);
      }
    }

    @Test
    void inItsHeadIsRefused() throws Exception {
      Outcome outcome =
          performOn(connection ->
              connection.write("HTTP/1.1 200 OK\r\nX: " + "x".repeat(100_000) + "\r\n\r\n"));
      assertThat(outcome)
          .isEqualTo(new Outcome.Retryable("the response's head is too large or not HTTP"));
    }

    @Test
    void inTheNumberOfItsHeadersIsRefused() throws Exception {
      Outcome outcome =
          performOn(
              connection -> connection.write("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(1000)));
      assertThat(outcome)
          .isEqualTo(new Outcome.Retryable("the response's head is too large or not HTTP"));
    }
  }

  @Test
  void anAnswerThatIsNotHttpIsRetryable() throws Exception {
    assertThat(performOn(connection -> connection.write("SSH-2.0-OpenSSH_9.9\r\n\r\n".repeat(99))))
        .isEqualTo(new Outcome.Retryable("the response's head is too large or not HTTP"));
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
        Outcome outcome = perform(server.url("https"), LONG, LONG);
        assertThat(outcome).isInstanceOf(Outcome.Retryable.class);
        assertThat(((Outcome.Retryable) outcome).reason()).startsWith("TLS failed: ");
      }
    }

    @Test
    void thatIsNeverAnsweredRunsIntoTheConnectTimeout() throws Exception {
      try (RawServer server = RawServer.start(connection -> connection.pause(LONG))) {
        WebhookConfig config =
            new WebhookConfig(server.url("https"), List.of(KEY), SHORT, LONG, LONG, 1);
        assertThat(perform(config))
            .isEqualTo(new Outcome.Retryable("time-out after 200 ms connecting"));
      }
    }

    @Test
    void thatIsNeverAnsweredRunsIntoTheTotalTimeoutIfThatIsShorter() throws Exception {
      try (RawServer server = RawServer.start(connection -> connection.pause(LONG))) {
        assertThat(perform(server.url("https"), LONG, SHORT))
            .isEqualTo(new Outcome.Retryable("time-out after 200 ms in all"));
      }
    }
  }

  /** Performs an attempt against a server that reads the request and then does as scripted. */
  private static Outcome performOn(RawServer.Script script) throws Exception {
    return performOn(script, LONG, LONG);
  }

  private static Outcome performOn(RawServer.Script script, Duration response, Duration total)
      throws Exception {
    try (RawServer server =
        RawServer.start(connection -> {
          connection.readRequest();
          script.run(connection);
        })) {
      return perform(server.url("http"), response, total);
    }
  }

  private static Outcome perform(URI url, Duration response, Duration total) throws Exception {
    return perform(new WebhookConfig(url, List.of(KEY), LONG, response, total, 10));
  }

  private static Outcome perform(WebhookConfig config) throws Exception {
    try (WebhookTarget target = new WebhookTarget(config, CLOCK)) {
      Outcome outcome = target.perform(Attempts.first());
      assertThat(outcome.toString().toLowerCase(Locale.ROOT))
          .doesNotContain("hunter2", "whsec_", "127.0.0.1");
      return outcome;
    }
  }

  private static WebhookReceiver receiver(Answer answer) {
    WebhookReceiver receiver = WebhookReceiver.start(CLOCK, List.of(KEY.secret()));
    receiver.answer(_ -> answer);
    return receiver;
  }
}
