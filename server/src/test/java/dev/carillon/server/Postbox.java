package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.testkit.receiver.Answer;
import dev.carillon.testkit.receiver.Delivery;
import dev.carillon.testkit.receiver.WebhookReceiver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A real receiver that many tests share: each says how its own users' deliveries are answered. A
 * schedule is as good as a user.
 */
final class Postbox implements AutoCloseable {

  static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final WebhookReceiver receiver;
  private final Map<String, Function<Delivery, Answer>> answers = new ConcurrentHashMap<>();
  private volatile Function<Delivery, Answer> otherwise = _ -> Answer.accepted();
  private volatile boolean strict = true;

  private Postbox(int port) {
    receiver = WebhookReceiver.start(port, InstantSource.system(), List.of(SECRET));
    receiver.answer(delivery ->
        strict && !delivery.signed()
            ? Answer.status(401)
            : answers.getOrDefault(userOf(delivery), otherwise).apply(delivery));
  }

  static Postbox open() {
    return new Postbox(0);
  }

  static Postbox open(int port) {
    return new Postbox(port);
  }

  /** A file with a second event type, which no test has to wait for. */
  static Path eventTypes() {
    try {
      return Files.writeString(
          Files.createTempFile("event-types", ".json"),
          """
          [{"name":"ANNIVERSARY","on":"created_at","local_time":"10:00",
            "message":"{first_name}, you are with us for {years} years"}]
          """);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI url() {
    return receiver.url();
  }

  /** Says how deliveries about a user are answered from now on. */
  void answer(String user, Answer answer) {
    answer(user, _ -> answer);
  }

  /** The same, where it depends on the delivery. */
  void answer(String user, Function<Delivery, Answer> by) {
    answers.put(user, by);
  }

  /** Says how all other deliveries are answered from now on. */
  void answerOthers(Answer answer) {
    otherwise = _ -> answer;
  }

  /** Takes what is signed with other keys than {@link #SECRET} too: the test looks at it. */
  Postbox trusting() {
    strict = false;
    return this;
  }

  /** All that has arrived, the earliest first. */
  List<Delivery> all() {
    return receiver.deliveries();
  }

  /** What has arrived that is about no user: test messages and alerts. */
  List<Delivery> aboutNobody() {
    return about("");
  }

  /** What has arrived about a user. */
  List<Delivery> about(String user) {
    return receiver.deliveries().stream().filter(each -> userOf(each).equals(user)).toList();
  }

  /** Waits until that many deliveries have arrived that are about no user. */
  List<Delivery> awaitAboutNobody(int count) throws InterruptedException {
    return await("", count);
  }

  /** Waits until that many deliveries about a user have arrived. */
  List<Delivery> await(String user, int count) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<Delivery> arrived = about(user);
    while (arrived.size() < count) {
      int all = receiver.count();
      arrived = about(user);
      if (arrived.size() < count) {
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        assertThat(receiver.await(all + 1, left)).as("deliveries about " + user).isTrue();
      }
    }
    return arrived;
  }

  static JsonNode body(Delivery delivery) {
    try {
      return JSON.readTree(delivery.body());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    receiver.close();
  }

  private static String userOf(Delivery delivery) {
    JsonNode data = body(delivery).path("data");
    return data.path("user_id").asText(data.path("schedule_id").asText());
  }
}
