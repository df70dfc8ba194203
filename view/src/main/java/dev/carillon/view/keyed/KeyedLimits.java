package dev.carillon.view.keyed;

import java.time.Duration;

/**
 * How much is done at once, and how long is waited.
 *
 * @param lockTimeout how long one try waits for a lock on a user's table: all writers queue behind
 *     it
 * @param lockAttempts how often a lock is tried for
 * @param maxRows the most recorded keys that one piece of work takes
 * @param wholeScanBytes how large a table may be that the query reads whole for each key
 */
public record KeyedLimits(
    Duration lockTimeout, int lockAttempts, int maxRows, long wholeScanBytes) {

  /** What is used unless something else is wanted. */
  public static final KeyedLimits DEFAULT =
      new KeyedLimits(Duration.ofSeconds(2), 5, 5_000, 1L << 20);

  public KeyedLimits {
    if (lockTimeout.toMillis() < 1) {
      throw new IllegalArgumentException("lockTimeout must be 1 ms or more, not " + lockTimeout);
    }
    if (lockAttempts < 1 || maxRows < 1 || wholeScanBytes < 0) {
      throw new IllegalArgumentException(
          "lockAttempts and maxRows must be 1 or more, wholeScanBytes 0 or more, not %d, %d and %d"
              .formatted(lockAttempts, maxRows, wholeScanBytes));
    }
  }
}
