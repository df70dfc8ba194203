package dev.carillon.server;

import static dev.carillon.server.Api.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.testkit.receiver.Answer;
import dev.carillon.testkit.receiver.Delivery;
import dev.carillon.testkit.receiver.Pace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** One data folder through a crash and through a stop in the middle of a delivery. */
class CrashIT {

  /** What the JVM exits with when it was asked to end, by the convention of 128 and the signal. */
  private static final int ASKED_TO_STOP = 143;

  private static final int IN_FLIGHT = 20;

  private static final Answer SLOW =
      Answer.accepted().withPace(new Pace.After(Duration.ofSeconds(1)));
  private static final Answer SILENT = Answer.accepted().withPace(new Pace.Never());

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path data;

  @AfterAll
  static void nothingSecretIsWritten() {
    assertThat(RunningServer.leaks()).isEmpty();
  }

  @Test
  void nothingIsLostByACrashAndAStopSettlesWhatIsInFlight() throws Exception {
    Postbox before = Postbox.open();
    before.answerOthers(SILENT);
    int port = before.url().getPort();
    RunningServer crashing = start(port);
    Api dying = Api.of(crashing);
    int deserted = desertedPort();
    make(dying, "away", deserted);
    make(dying, "birthdays", port);
    List<String> interrupted = interrupted(dying, before);
    String unreachable = dying.soon(user -> user.put("endpoint", "away"));
    dying.awaitReason(unreachable, "refused");
    crashing.crash();
    before.close();

    try (Postbox after = Postbox.open(port);
        Postbox back = Postbox.open(deserted)) {
      RunningServer stopping = start(port);
      Api api = Api.of(stopping);
      assertThat(stopping.err()).noneMatch(line -> line.contains("ERROR"));
      assertDeliveredAgain(back.await(unreachable, 1), api, unreachable);
      for (String user : interrupted) {
        assertDeliveredAgain(after.await(user, 1), api, user);
        assertThat(ids(after, user)).isEqualTo(ids(before, user));
      }

      String inFlight = api.soon(_ -> {});
      after.answer(inFlight, SLOW);
      after.await(inFlight, 1);
      long asked = System.nanoTime();
      assertThat(stopping.stop()).isEqualTo(ASKED_TO_STOP);
      assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(20));

      try (RunningServer last = start(port)) {
        assertSettled(Api.of(last), inFlight);
        interrupted.forEach(user -> assertSettled(Api.of(last), user));
        assertThat(after.all()).hasSize(IN_FLIGHT + 1);
      }
    }
  }

  private static void make(Api api, String name, int port) {
    String body =
        """
        {"name": "%s", "url": "%s", "secret": "%s"}
        """
            .formatted(name, url(port), Postbox.SECRET);
    assertThat(api.send("POST", Hook.ENDPOINTS, body).statusCode()).isEqualTo(201);
  }

  /** Users whose messages are under way: to their type's endpoint, and to the one they chose. */
  private static List<String> interrupted(Api api, Postbox postbox) throws Exception {
    List<String> users = new ArrayList<>();
    for (int i = 0; i < IN_FLIGHT; i += 2) {
      users.add(api.soon(_ -> {}));
      users.add(api.soon(user -> user.put("endpoint", "default")));
    }
    for (String user : users) {
      postbox.await(user, 1);
    }
    return users;
  }

  /** A port that nobody listens on. */
  private static int desertedPort() {
    try (Postbox postbox = Postbox.open()) {
      return postbox.url().getPort();
    }
  }

  private static String url(int port) {
    return "http://127.0.0.1:" + port + "/webhooks";
  }

  private static List<String> ids(Postbox postbox, String user) {
    return postbox.about(user).stream().map(Delivery::webhookId).toList();
  }

  private static Path eventTypes() throws IOException {
    return Files.writeString(
        Files.createTempFile("event-types", ".json"),
        """
        [{"name": "BIRTHDAY", "endpoint": "birthdays"}]
        """);
  }

  private RunningServer start(int receiver) throws IOException {
    return RunningServer.start(
        Map.of(
            "CARILLON_DATA",
            data.toString(),
            "EVENT_TYPES_FILE",
            eventTypes().toString(),
            "WEBHOOK_URL",
            url(receiver),
            "WEBHOOK_SECRET",
            Postbox.SECRET));
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
