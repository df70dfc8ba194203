package dev.carillon.refresh.pace;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.refresh.queue.RedisScript;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;

/**
 * Tempos in Redis, by its clock: the key {@code PREFIX:SOURCE:tempo} of each source has a JSON
 * object, which is replaced only if nobody else has replaced it.
 */
public final class RedisTempoStore implements TempoStore {

  /** How often a change is tried that other processes are faster than. */
  public static final int MOST_TRIES = 100;

  private static final RedisScript READ =
      RedisScript.beside(RedisTempoStore.class, "read_tempo.lua");
  private static final RedisScript WRITE =
      RedisScript.beside(RedisTempoStore.class, "write_tempo.lua");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final UnifiedJedis redis;
  private final String prefix;

  /**
   * The tempos of a server.
   *
   * @param prefix how its keys begin
   */
  public RedisTempoStore(UnifiedJedis redis, String prefix) {
    this.redis = requireNonNull(redis, "redis is null");
    this.prefix = requireNonNull(prefix, "prefix is null");
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if other processes were faster {@value #MOST_TRIES} times
   */
  @Override
  public Changed change(String source, double limit, Change change) {
    List<String> key = key(source);
    for (int i = 0; i < MOST_TRIES; i++) {
      long asked = System.nanoTime();
      List<?> read = (List<?>) READ.run(redis, key, List.of());
      StoreClock clock = StoreClock.read(time(read), asked, System.nanoTime());
      String text = (String) read.get(0);
      Tempo before = tempo(text, limit, clock.now());
      Tempo after = change.of(before, clock.now());
      if (!text.isEmpty() && after.equals(before)) {
        return new Changed(before, after, clock);
      }
      if (WRITE.run(redis, key, List.of(text, text(after))).equals(1L)) {
        return new Changed(before, after, clock);
      }
    }
    throw new IllegalStateException(
        "the tempo of %s changed %d times while it was to be changed"
            .formatted(source, MOST_TRIES));
  }

  @Override
  public Seen read(String source, double limit) {
    List<?> read = (List<?>) READ.run(redis, key(source), List.of());
    Instant now = time(read);
    return new Seen(tempo((String) read.get(0), limit, now), now);
  }

  private List<String> key(String source) {
    return List.of(prefix + ":" + source + ":tempo");
  }

  private static Tempo tempo(String text, double limit, Instant now) {
    return text.isEmpty() ? Tempo.start(limit, now) : tempo(text);
  }

  private static Instant time(List<?> read) {
    return Instant.ofEpochSecond(
        Long.parseLong((String) read.get(1)), Long.parseLong((String) read.get(2)) * 1_000);
  }

  private static String text(Tempo tempo) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("limit", tempo.limit())
            .put("rate", tempo.rate())
            .put("slowed_at", tempo.slowedAt().toString())
            .put("next_at", tempo.nextAt().toString())
            .put("pushed", tempo.pushed().toString());
    if (tempo.pausedUntil() != null) {
      json.put("paused_until", tempo.pausedUntil().toString());
      json.put("pause_reason", tempo.pauseReason());
    }
    return json.toString();
  }

  private static Tempo tempo(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      return new Tempo(
          json.path("limit").asDouble(),
          json.path("rate").asDouble(),
          Instant.parse(json.path("slowed_at").asText()),
          Instant.parse(json.path("next_at").asText()),
          Duration.parse(json.path("pushed").asText()),
          optional(json.path("paused_until")),
          json.path("pause_reason").textValue());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the tempo in Redis is no JSON", e);
    }
  }

  private static @Nullable Instant optional(JsonNode time) {
    return time.isTextual() ? Instant.parse(time.textValue()) : null;
  }
}
