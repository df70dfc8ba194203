package dev.carillon.view.full;

import java.time.Duration;

/**
 * How long a refresh waits and runs at most.
 *
 * @param lockWait how long it waits for a lock that somebody else holds on the view. Longer than
 *     {@code deadlock_timeout} (1 s), after which PostgreSQL cancels an autovacuum in the way
 * @param run how long the refresh itself may run: a longer one holds back vacuum on all tables
 */
public record RefreshLimits(Duration lockWait, Duration run) {

  private static final Duration LONGEST = Duration.ofDays(1);

  /** Five seconds, and a quarter of an hour. */
  public static final RefreshLimits DEFAULT =
      new RefreshLimits(Duration.ofSeconds(5), Duration.ofMinutes(15));

  /**
   * How long the server keeps a refresh whose client says nothing or is gone, and how much longer
   * than {@link #run} the client waits for the network.
   */
  public static final Duration GRACE = Duration.ofSeconds(15);

  public RefreshLimits {
    check("lockWait", lockWait);
    check("run", run);
  }

  private static void check(String field, Duration value) {
    if (value.toMillis() < 1 || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "%s must be from 1 ms to %s, not %s".formatted(field, LONGEST, value));
    }
  }
}
