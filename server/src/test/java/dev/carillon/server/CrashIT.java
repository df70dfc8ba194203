package dev.carillon.server;

import static dev.carillon.server.Api.adaSoon;
import static dev.carillon.server.Api.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.testkit.receiver.Answer;
import dev.carillon.testkit.receiver.Delivery;
import dev.carillon.testkit.receiver.Pace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** One data folder through a crash and through a stop in the middle of a delivery. */
class CrashIT {

  /** What the JVM exits with when it was asked to end, by the convention of 128 and the signal. */
  private static final int ASKED_TO_STOP = 143;

  private static final Answer SLOW =
      Answer.accepted().withPace(new Pace.After(Duration.ofSeconds(1)));
  private static final Answer SILENT = Answer.accepted().withPace(new Pace.Never());

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path data;

  @Test
  void nothingIsLostByACrashAndAStopSettlesWhatIsInFlight() throws Exception {
    Postbox before = Postbox.open();
    int port = before.url().getPort();
    RunningServer crashing = start(port);
    String interrupted = Api.of(crashing).id(adaSoon());
    before.answer(interrupted, SILENT);
    before.await(interrupted, 1);
    before.close();
    String unreachable = Api.of(crashing).id(adaSoon());
    JsonNode refused = failedOnce(Api.of(crashing), unreachable);
    assertThat(refused.path("failure_reason").textValue()).containsIgnoringCase("refused");
    crashing.crash();

    try (Postbox after = Postbox.open(port)) {
      RunningServer stopping = start(port);
      Api api = Api.of(stopping);
      assertThat(stopping.err()).noneMatch(line -> line.contains("ERROR"));
      assertDeliveredAgain(after.await(unreachable, 1), api, unreachable);
      assertDeliveredAgain(after.await(interrupted, 1), api, interrupted);

      String inFlight = api.id(adaSoon());
      after.answer(inFlight, SLOW);
      after.await(inFlight, 1);
      long asked = System.nanoTime();
      assertThat(stopping.stop()).isEqualTo(ASKED_TO_STOP);
      assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(20));

      try (RunningServer last = start(port)) {
        assertSettled(Api.of(last), inFlight);
        assertSettled(Api.of(last), interrupted);
        assertThat(after.about(inFlight)).hasSize(1);
      }
    }
  }

  private RunningServer start(int receiver) {
    return RunningServer.start(
        Map.of(
            "CARILLON_DATA",
            data.toString(),
            "WEBHOOK_URL",
            "http://127.0.0.1:" + receiver + "/webhooks",
            "WEBHOOK_SECRET",
            Postbox.SECRET));
  }

  private static JsonNode failedOnce(Api api, String user) {
    JsonNode event = api.await(user, "PENDING");
    while (event.path("retry_count").intValue() == 0) {
      event = api.await(user, "PENDING");
    }
    return event;
  }

  private static void assertDeliveredAgain(List<Delivery> deliveries, Api api, String user) {
    JsonNode event = api.await(user, "COMPLETED");
    assertThat(deliveries).singleElement().matches(Delivery::signed);
    assertThat(deliveries.getFirst().header("carillon-attempt")).isNotEqualTo("1");
    assertThat(event.path("retry_count").intValue()).isPositive();
    assertSettled(api, user);
  }

  private static void assertSettled(Api api, String user) {
    assertThat(texts(api.birthdays(user), "status")).containsExactly("PENDING", "COMPLETED");
  }
}
