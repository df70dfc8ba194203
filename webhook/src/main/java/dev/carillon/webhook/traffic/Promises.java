package dev.carillon.webhook.traffic;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Room that is kept for held events on their way from the tables. One that does not arrive in time
 * was lost, or went elsewhere. Times are of {@link System#nanoTime()}. Not safe for use by many
 * threads.
 */
final class Promises {

  /** How long room is kept. */
  static final Duration KEPT = Duration.ofSeconds(2);

  private record Promise(int count, long until) {}

  private final Deque<Promise> promises = new ArrayDeque<>();
  private int count;

  /** Keeps room for some more. */
  void add(int more, long now) {
    if (more > 0) {
      promises.addLast(new Promise(more, now + KEPT.toNanos()));
      count += more;
    }
  }

  /** Some came, or will not come. */
  void remove(int fewer) {
    int left = fewer;
    while (left > 0 && !promises.isEmpty()) {
      Promise oldest = promises.removeFirst();
      int some = Math.min(left, oldest.count());
      left -= some;
      count -= some;
      if (oldest.count() > some) {
        promises.addFirst(new Promise(oldest.count() - some, oldest.until()));
      }
    }
  }

  /** For how many room is kept. */
  int count(long now) {
    while (!promises.isEmpty() && promises.getFirst().until() - now < 0) {
      count -= promises.removeFirst().count();
    }
    return count;
  }
}
