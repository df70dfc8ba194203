package dev.carillon.refresh.drain;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long a drain may take.
 *
 * @param timeLimit when it has ended, whatever happens
 * @param reserve how long before that no call is begun any more: what is in hand ends in it
 */
public record DrainLimits(Duration timeLimit, Duration reserve) {

  /** The longest drain. */
  public static final Duration MAX_TIME_LIMIT = Duration.ofDays(1);

  /** What a scheduled run has. */
  public static final DrainLimits DEFAULT =
      new DrainLimits(Duration.ofSeconds(300), Duration.ofSeconds(5));

  public DrainLimits {
    requireNonNull(timeLimit, "timeLimit is null");
    requireNonNull(reserve, "reserve is null");
    if (timeLimit.isNegative() || timeLimit.isZero() || timeLimit.compareTo(MAX_TIME_LIMIT) > 0) {
      throw new IllegalArgumentException(
          "timeLimit must be more than 0 s and at most %s, not %s"
              .formatted(MAX_TIME_LIMIT, timeLimit));
    }
    if (reserve.isNegative() || reserve.compareTo(timeLimit) >= 0) {
      throw new IllegalArgumentException(
          "reserve must be at least 0 s and less than timeLimit, not " + reserve);
    }
  }

  /** The default reserve, or half of a time limit that is shorter than twice that. */
  public static DrainLimits of(Duration timeLimit) {
    Duration half = timeLimit.dividedBy(2);
    return new DrainLimits(
        timeLimit, half.compareTo(DEFAULT.reserve()) < 0 ? half : DEFAULT.reserve());
  }
}
