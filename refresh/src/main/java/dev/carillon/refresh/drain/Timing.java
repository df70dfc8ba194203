package dev.carillon.refresh.drain;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The time of one drain, by this host's monotonic clock. Safe for use by many threads. */
final class Timing {

  private static final double NANOS_PER_SECOND = 1e9;

  private final long start = System.nanoTime();
  private final long lastBegin;
  private final long end;
  private final Duration reserve;
  private volatile @Nullable Long firstCall;
  private volatile long lastCall;

  Timing(DrainLimits limits) {
    this.end = start + limits.timeLimit().toNanos();
    this.reserve = limits.reserve();
    this.lastBegin = end - reserve.toNanos();
  }

  /** Whether no call is to be begun any more. */
  boolean isOver() {
    return System.nanoTime() - lastBegin >= 0;
  }

  /** For how long calls may still be begun. */
  Duration left() {
    return Duration.ofNanos(Math.max(0, lastBegin - System.nanoTime()));
  }

  /** The time until it must have ended. */
  Duration leftInAll() {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  Duration reserve() {
    return reserve;
  }

  /** The {@link System#nanoTime} after a while, or when no call is to be begun any more. */
  long soonest(Duration look) {
    long then = System.nanoTime() + look.toNanos();
    return then - lastBegin < 0 ? then : lastBegin;
  }

  Duration running() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Notes a call that leaves now. */
  synchronized void called() {
    lastCall = System.nanoTime();
    if (firstCall == null) {
      firstCall = lastCall;
    }
  }

  /** The calls a second from the first to the last; 0 if there were fewer than two. */
  double callsPerSecond(long calls) {
    Long first = firstCall;
    return first == null || calls < 2 ? 0 : (calls - 1) * NANOS_PER_SECOND / (lastCall - first);
  }
}
