package dev.carillon.refresh.queue;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.RefreshRequest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A queue in Redis 6.2 or later, on one node. Every call is a Lua script, which Redis runs as one
 * step; all of them, {@link #state} too, cost the same however long the queue is.
 *
 * <p>Redis restarted: the next call reconnects. With {@code appendonly yes} nothing that was added
 * is lost but what {@code appendfsync} allows (with {@code always}: nothing; with {@code everysec},
 * the default: the last second, if the machine itself stopped). Without it the queue is as of the
 * last snapshot, or empty. Redis must not evict ({@code maxmemory-policy noeviction}, its default).
 */
public final class RedisRefreshQueue implements RefreshQueue {

  /** How the keys in Redis begin unless something else is said. */
  public static final String DEFAULT_PREFIX = "carillon:refresh";

  private static final RedisScript ADD = script("add.lua");
  private static final RedisScript TAKE = script("take.lua");
  private static final RedisScript DONE = script("done.lua");
  private static final RedisScript GIVE_BACK = script("give_back.lua");
  private static final RedisScript RECLAIM = script("reclaim.lua");
  private static final RedisScript STATE = script("state.lua");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final UnifiedJedis redis;
  private final String prefix;

  /**
   * A queue.
   *
   * @param redis the server; whoever made it closes it
   * @param prefix how its keys begin: queues with different ones know nothing of each other
   */
  public RedisRefreshQueue(UnifiedJedis redis, String prefix) {
    this.redis = requireNonNull(redis, "redis is null");
    this.prefix = requireNonNull(prefix, "prefix is null");
  }

  @Override
  public Added add(List<RefreshRequest> requests) {
    int queued = 0;
    int raised = 0;
    for (var source : bySource(Wanted.of(requests), Wanted::key).entrySet()) {
      List<String> arguments =
          source.getValue().stream()
              .sorted(Comparator.comparingInt(Wanted::place))
              .flatMap(RedisRefreshQueue::arguments)
              .toList();
      List<?> counts = (List<?>) ADD.run(redis, keys(source.getKey()), arguments);
      queued += Math.toIntExact((Long) counts.get(0));
      raised += Math.toIntExact((Long) counts.get(1));
    }
    return new Added(queued, raised, requests.size() - queued - raised);
  }

  @Override
  public List<Taken> take(String source, int most, Instant now) {
    int count = Math.clamp(most, 0, MAX_BATCH);
    if (count == 0) {
      return List.of();
    }
    UUID lease = UUID.randomUUID();
    List<String> arguments =
        List.of(Integer.toString(count), lease.toString(), micros(now.plus(LEASE)));
    List<?> rows = (List<?>) TAKE.run(redis, keys(source), arguments);
    return rows.stream().map(row -> taken(source, (List<?>) row, lease)).toList();
  }

  @Override
  public void done(List<Taken> taken) {
    end(DONE, taken);
  }

  @Override
  public void giveBack(List<Taken> taken) {
    end(GIVE_BACK, taken);
  }

  @Override
  public int reclaim(String source, Instant now) {
    List<String> arguments =
        List.of(
            micros(now),
            Integer.toString(MAX_BATCH),
            Integer.toString(MOST_TAKES),
            Integer.toString(MOST_DEAD),
            source,
            Dead.NOT_FINISHED,
            now.truncatedTo(ChronoUnit.MICROS).toString());
    int all = 0;
    int batch;
    do {
      batch = Math.toIntExact((Long) RECLAIM.run(redis, keys(source), arguments));
      all += batch;
    } while (batch == MAX_BATCH);
    return all;
  }

  @Override
  public State state(String source, Instant now) {
    List<?> row = (List<?>) STATE.run(redis, keys(source), List.of());
    Map<Priority, Long> waiting = new EnumMap<>(Priority.class);
    Map<Priority, Instant> oldest = new EnumMap<>(Priority.class);
    for (Priority priority : Priority.values()) {
      int at = 2 + 2 * priority.number();
      long count = (Long) row.get(at);
      if (count > 0) {
        waiting.put(priority, count);
        oldest.put(priority, instant((String) row.get(at + 1)));
      }
    }
    return new State(now, waiting, oldest, (Long) row.get(0), (Long) row.get(1));
  }

  @Override
  public List<Dead> dead(String source, int most) {
    int count = Math.clamp(most, 0, MAX_BATCH);
    return count == 0
        ? List.of()
        : redis.lrange(key(source, "dead"), 0, count - 1).stream()
            .map(RedisRefreshQueue::dead)
            .toList();
  }

  @Override
  public @Nullable String trouble() {
    try {
      redis.ping();
      return null;
    } catch (JedisException e) {
      return "Redis does not answer: " + reason(e);
    }
  }

  /** Where a source's requests are, in the order of queue.lua. */
  List<String> keys(String source) {
    return Stream.concat(
            Stream.of("record", "again", "in_hand", "arrivals", "dead"),
            IntStream.range(0, Priority.values().length).mapToObj(p -> "waiting:" + p))
        .map(name -> key(source, name))
        .toList();
  }

  /** What scripts want to know of a request. */
  static Stream<String> arguments(Wanted wanted) {
    return Stream.of(
        name(wanted.key()),
        Integer.toString(wanted.priority().number()),
        micros(wanted.requestedAt()),
        micros(wanted.deadline()));
  }

  static RedisScript script(String file) {
    return RedisScript.beside(RedisRefreshQueue.class, "queue.lua", file);
  }

  private String key(String source, String name) {
    return prefix + ":" + source + ":" + name;
  }

  private void end(RedisScript script, List<Taken> taken) {
    for (var source : bySource(taken, one -> one.request().key()).entrySet()) {
      List<String> arguments = new ArrayList<>();
      for (Taken one : source.getValue()) {
        arguments.add(name(one.request().key()));
        arguments.add(one.lease().toString());
      }
      script.run(redis, keys(source.getKey()), arguments);
    }
  }

  private static <T> Map<String, List<T>> bySource(List<T> all, Function<T, RecordKey> key) {
    return all.stream().collect(groupingBy(one -> key.apply(one).source(), TreeMap::new, toList()));
  }

  private static Taken taken(String source, List<?> row, UUID lease) {
    String name = (String) row.get(0);
    int slash = name.indexOf('/');
    RecordKey key = new RecordKey(source, name.substring(0, slash), name.substring(slash + 1));
    Priority priority = Priority.of(Integer.parseInt((String) row.get(1)));
    Instant requestedAt = instant((String) row.get(2));
    int takes = Integer.parseInt((String) row.get(3));
    return new Taken(new RefreshRequest(key, priority, requestedAt), takes, lease);
  }

  private static Dead dead(String text) {
    try {
      JsonNode letter = JSON.readTree(text);
      return new Dead(
          letter.path("item").asText(),
          letter.path("reason").asText(),
          Instant.parse(letter.path("at").asText()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a dead letter in Redis is no JSON", e);
    }
  }

  /** A type has no slash: what follows the first is the tag. */
  private static String name(RecordKey key) {
    return key.type() + "/" + key.tag();
  }

  private static String micros(Instant instant) {
    return Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, instant));
  }

  private static Instant instant(String micros) {
    return Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS);
  }

  /** What is wrong, with nothing in it that the other side wrote. */
  private static String reason(JedisException e) {
    return switch (e) {
      case JedisAccessControlException _ -> "it refuses the user or the password";
      case JedisConnectionException _ -> "no connection comes about";
      default -> e.getClass().getSimpleName();
    };
  }
}
