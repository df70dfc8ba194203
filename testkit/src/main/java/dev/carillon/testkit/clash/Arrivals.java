package dev.carillon.testkit.clash;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The calls that arrived: when each did, the latest ones whole, and how many came within a second.
 * Safe for use by many threads.
 */
public final class Arrivals {

  /** The calls kept whole; of older ones only the time remains. */
  public static final int MAX_KEPT = 100_000;

  /** The most calls whose times are kept; later ones are only counted. */
  public static final int MAX_TIMES = 20_000_000;

  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final int FIRST_TIMES = 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition answered = lock.newCondition();
  private final ArrayDeque<Arrival> kept = new ArrayDeque<>();
  private final TreeMap<Integer, Long> byStatus = new TreeMap<>();
  private long[] times = new long[FIRST_TIMES];
  private int count;
  private long finished;

  /**
   * Notes that a call arrived, perhaps before others that are noted already; returns when, and how
   * many came in the second up to it.
   */
  Now arrived(long nanos) {
    lock.lock();
    try {
      if (count == MAX_TIMES) {
        throw new IllegalStateException("more than %d calls arrived".formatted(MAX_TIMES));
      }
      if (count == times.length) {
        times = Arrays.copyOf(times, Math.min(MAX_TIMES, 2 * count));
      }
      int place = count++;
      while (place > 0 && times[place - 1] > nanos) {
        times[place] = times[place - 1];
        place--;
      }
      times[place] = nanos;
      return new Now(nanos, place + 1 - firstAt(nanos - SECOND + 1));
    } finally {
      lock.unlock();
    }
  }

  /** Notes what a call was answered with. */
  void answered(Arrival arrival) {
    lock.lock();
    try {
      if (kept.size() == MAX_KEPT) {
        kept.removeFirst();
      }
      kept.addLast(arrival);
      byStatus.merge(arrival.status(), 1L, Long::sum);
      finished++;
      answered.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * A moment at which a call arrived.
   *
   * @param nanos when
   * @param withinASecond how many calls arrived in the second up to it, this one included
   */
  record Now(long nanos, int withinASecond) {}

  /** How many calls arrived. */
  public int count() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }

  /** The calls that were answered, in that order; the last {@link #MAX_KEPT} of them. */
  public List<Arrival> answered() {
    lock.lock();
    try {
      return List.copyOf(kept);
    } finally {
      lock.unlock();
    }
  }

  /** How many calls were answered with each status; 0 stands for none. */
  public Map<Integer, Long> byStatus() {
    lock.lock();
    try {
      return new TreeMap<>(byStatus);
    } finally {
      lock.unlock();
    }
  }

  /** The most calls in any sliding second: of two calls a whole second apart only one counts. */
  public int mostInAnySecond() {
    lock.lock();
    try {
      int most = 0;
      int from = 0;
      for (int to = 0; to < count; to++) {
        while (times[to] - times[from] >= SECOND) {
          from++;
        }
        most = Math.max(most, to - from + 1);
      }
      return most;
    } finally {
      lock.unlock();
    }
  }

  /** The calls a second from the first to the last; 0 if there were fewer than two. */
  public double rate() {
    lock.lock();
    try {
      return rate(0, count - 1);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The calls a second within a span: between the first and the last call that lie in it.
   *
   * @param from after the first call
   * @param to after the first call
   */
  public double rate(Duration from, Duration to) {
    lock.lock();
    try {
      return count == 0
          ? 0
          : rate(firstAt(times[0] + from.toNanos()), firstAt(times[0] + to.toNanos()) - 1);
    } finally {
      lock.unlock();
    }
  }

  /** The shortest time between two calls; a second if there were fewer than two. */
  public Duration shortestGap() {
    lock.lock();
    try {
      long shortest = SECOND;
      for (int i = 1; i < count; i++) {
        shortest = Math.min(shortest, times[i] - times[i - 1]);
      }
      return Duration.ofNanos(shortest);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until that many calls have been answered in all; false if they were not in time. */
  public boolean await(long calls, Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while (finished < calls && left > 0) {
        left = answered.awaitNanos(left);
      }
      return finished >= calls;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets all calls: what is measured begins anew. */
  public void clear() {
    lock.lock();
    try {
      kept.clear();
      byStatus.clear();
      count = 0;
      finished = 0;
    } finally {
      lock.unlock();
    }
  }

  private double rate(int first, int last) {
    return last <= first ? 0 : (last - first) * (double) SECOND / (times[last] - times[first]);
  }

  private int firstAt(long nanos) {
    int index = Arrays.binarySearch(times, 0, count, nanos);
    if (index < 0) {
      return -index - 1;
    }
    while (index > 0 && times[index - 1] == nanos) {
      index--;
    }
    return index;
  }
}
