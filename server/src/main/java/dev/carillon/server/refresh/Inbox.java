package dev.carillon.server.refresh;

import static java.util.Objects.requireNonNull;

import dev.carillon.refresh.drain.Intake;
import dev.carillon.refresh.queue.RedisInbox;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The list in Redis that others fill, as drains and health have it. One that Redis refuses to read
 * stops no drain: health tells of it. Safe for use by many threads.
 */
final class Inbox implements Intake {

  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

  private final RedisInbox list;
  private final String name;
  private volatile boolean isReadable = true;

  /**
   * What was seen of an inbox.
   *
   * @param size how many items wait in it; null if there is none, or nobody knows
   * @param trouble why it cannot be read, fit to be shown; null if it can
   */
  record Seen(@Nullable Long size, @Nullable String trouble) {
    static final Seen NOTHING = new Seen(null, null);
  }

  /**
   * An inbox.
   *
   * @param name the list's key
   */
  Inbox(RedisInbox list, String name) {
    this.list = requireNonNull(list, "list is null");
    this.name = requireNonNull(name, "name is null");
  }

  /** Moves nothing if Redis refuses; logs that once until it is well again. */
  @Override
  public int move(Instant now) {
    try {
      int moved = list.move(now).items();
      isReadable = true;
      return moved;
    } catch (JedisDataException e) {
      if (isReadable) {
        LOG.warn("the inbox {} is left alone: {}", name, words(e));
      }
      isReadable = false;
      return 0;
    }
  }

  /** Looks at it. Throws nothing if Redis does not answer: that is told elsewhere. */
  Seen seen() {
    try {
      return new Seen(list.size(), null);
    } catch (JedisDataException e) {
      return new Seen(null, words(e));
    } catch (JedisException _) {
      return Seen.NOTHING;
    }
  }

  /** What is wrong, with nothing in it that the other side wrote. */
  private static String words(JedisDataException e) {
    return String.valueOf(e.getMessage()).contains("WRONGTYPE")
        ? "the key is no list"
        : "Redis refuses: " + e.getClass().getSimpleName();
  }
}
