package dev.carillon.refresh.queue;

import static java.util.Objects.requireNonNull;

import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.Urgency;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;

/**
 * A list in Redis that someone else fills with requests, one JSON object an item: {@code
 * {"type":"clan","tag":"#ABC"}}, and {@code source} and {@code priority} if they like. They push to
 * its tail (RPUSH): it is read from its head. Items are moved into a queue on the same Redis, each
 * as one step: it is in one of them at any time. What cannot be read is moved to the list {@code
 * NAME:dead} with the reason. Safe for use by many threads and processes.
 */
public final class RedisInbox {

  /** The most items that are moved at once. */
  public static final int MAX_BATCH = 500;

  /** How many dead letters are kept: the newest. */
  public static final int MOST_DEAD = 10_000;

  /** What is read of an item: enough to see that it is too long. */
  private static final String CUT = Integer.toString(InboxItem.MAX_LENGTH + 1);

  private static final RedisScript PEEK = RedisScript.beside(RedisInbox.class, "peek.lua");
  private static final RedisScript MOVE = RedisRefreshQueue.script("move.lua");

  /** Knows the records that an item may name. */
  @FunctionalInterface
  public interface Keys {

    /**
     * The record.
     *
     * @param source as the item says it; null if it says none
     * @throws IllegalArgumentException if there can be none of that name; the message says why
     */
    RecordKey key(@Nullable String source, String type, String tag);

    /** How urgent an item is that does not say. */
    default Urgency urgency() {
      return Urgency.MEDIUM;
    }
  }

  /**
   * What became of items.
   *
   * @param queued how many were not there yet
   * @param raised how many made a request that was there more urgent
   * @param kept how many changed nothing
   * @param broken how many could not be read
   */
  public record Moved(int queued, int raised, int kept, int broken) {

    /** How many items left the list. */
    public int items() {
      return queued + raised + kept + broken;
    }
  }

  private final UnifiedJedis redis;
  private final RedisRefreshQueue queue;
  private final String list;
  private final Keys keys;

  /**
   * An inbox.
   *
   * @param redis the queue's server
   * @param list the list's key
   */
  public RedisInbox(UnifiedJedis redis, RedisRefreshQueue queue, String list, Keys keys) {
    this.redis = requireNonNull(redis, "redis is null");
    this.queue = requireNonNull(queue, "queue is null");
    this.list = requireNonNull(list, "list is null");
    this.keys = requireNonNull(keys, "keys is null");
  }

  /**
   * Moves a batch of items, the oldest first; to be called until none is left. None is moved if
   * another process moved them meanwhile.
   */
  public Moved move(Instant now) {
    List<byte[]> items = peek();
    if (items.isEmpty()) {
      return new Moved(0, 0, 0, 0);
    }
    Map<String, Integer> places = new LinkedHashMap<>();
    List<String> scriptKeys = new ArrayList<>(List.of(list, list + ":dead"));
    List<byte[]> arguments = new ArrayList<>(bytes(Stream.of(Integer.toString(MOST_DEAD), CUT)));
    for (byte[] item : items) {
      arguments.add(item);
      switch (InboxItem.read(item, keys, now)) {
        case InboxItem.Broken broken ->
            arguments.addAll(bytes(Stream.of("0", broken.letter(now), "", "", "")));
        case InboxItem.Good good -> {
          String source = good.request().key().source();
          int place = places.computeIfAbsent(source, name -> appended(scriptKeys, name));
          arguments.add(RedisScript.bytes(Integer.toString(place)));
          arguments.addAll(bytes(RedisRefreshQueue.arguments(Wanted.of(good.request(), 0))));
        }
      }
    }
    return moved((List<?>) MOVE.runBytes(redis, bytes(scriptKeys.stream()), arguments));
  }

  /** How many items wait in the list. */
  public long size() {
    return redis.llen(list);
  }

  /** The first items; of one that is too long its beginning. */
  private List<byte[]> peek() {
    List<?> items =
        (List<?>)
            PEEK.runBytes(
                redis, bytes(Stream.of(list)), bytes(Stream.of(Integer.toString(MAX_BATCH), CUT)));
    return items.stream().map(byte[].class::cast).toList();
  }

  private static List<byte[]> bytes(Stream<String> texts) {
    return texts.map(RedisScript::bytes).toList();
  }

  /** Adds a source's keys, and returns the place of the first, counted from 1 as Lua does. */
  private int appended(List<String> scriptKeys, String source) {
    int place = scriptKeys.size() + 1;
    scriptKeys.addAll(queue.keys(source));
    return place;
  }

  private static Moved moved(List<?> counts) {
    int[] each = counts.stream().mapToInt(count -> Math.toIntExact((Long) count)).toArray();
    return new Moved(each[0], each[1], each[2], each[3]);
  }
}
