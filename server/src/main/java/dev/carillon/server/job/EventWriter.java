package dev.carillon.server.job;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.server.http.Json;
import dev.carillon.server.job.Subscription.News;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes server-sent events (HTML standard, section 9.2) to one who subscribed, and keeps the
 * connection open. For one thread.
 */
final class EventWriter {

  /** After how long without anything to say a comment keeps the connection open. */
  static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /** How often it is said at most that nothing has changed up to a later time. */
  static final Duration PROGRESS_EVERY = Duration.ofSeconds(5);

  /** How long a stream lasts at most: then the caller proves again who they are. */
  static final Duration LONGEST = Duration.ofHours(1);

  /** How long a browser waits before it comes back, in milliseconds. */
  static final int RETRY_MILLIS = 2_000;

  private final Subscription subscription;
  private final OutputStream out;
  private final ObjectMapper mapper;
  private final long start = System.nanoTime();
  private long saidAt = System.nanoTime();

  EventWriter(Subscription subscription, OutputStream out, ObjectMapper mapper) {
    this.subscription = requireNonNull(subscription, "subscription is null");
    this.out = requireNonNull(out, "out is null");
    this.mapper = requireNonNull(mapper, "mapper is null");
  }

  /** What is written of news. */
  @FunctionalInterface
  interface Telling {

    /** Writes some; false if they were the last. */
    boolean tell(News news) throws IOException;
  }

  /** Says when to come back. */
  void begin() throws IOException {
    send("retry: %d\n\n".formatted(RETRY_MILLIS));
  }

  /** Writes news as they come, until they were the last, or the stream has lasted long enough. */
  void follow(Telling telling) throws IOException, InterruptedException {
    boolean goesOn = true;
    while (goesOn && elapsed(start).compareTo(LONGEST) < 0) {
      goesOn =
          switch (subscription.next(HEARTBEAT.minus(elapsed(saidAt)))) {
            case null -> send(": nothing new\n\n");
            case News.Ended _ -> false;
            case News news -> telling.tell(news);
          };
    }
  }

  /**
   * Writes an event.
   *
   * @param id what a browser that comes back says it had last; null if it is to say what it had
   */
  void event(String name, @Nullable String id, Object data) throws IOException {
    // One line of data: JSON has no line ends in it.
    send(
        (id == null ? "" : "id: " + id + "\n")
            + "event: %s\ndata: %s\n\n".formatted(name, json(data)));
  }

  /** Says up to when nothing has changed, unless something was said a moment ago. */
  boolean nothingChangedUntil(Instant asOf) throws IOException {
    if (elapsed(saidAt).compareTo(PROGRESS_EVERY) < 0) {
      return false;
    }
    ObjectNode data = Json.object().put("as_of", asOf.toString());
    event("progress", null, data);
    return true;
  }

  private boolean send(String text) throws IOException {
    if (!subscription.beginsToWrite()) {
      return false;
    }
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
      saidAt = System.nanoTime();
      return true;
    } finally {
      subscription.hasWritten();
    }
  }

  private String json(Object value) {
    try {
      return mapper.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a job can be written as JSON", e);
    }
  }

  private static Duration elapsed(long since) {
    return Duration.ofNanos(System.nanoTime() - since);
  }
}
