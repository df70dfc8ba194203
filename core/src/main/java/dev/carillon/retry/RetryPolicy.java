package dev.carillon.retry;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When a failed attempt is made again: exponential backoff with jitter, and an end.
 *
 * @param maxAttempts how many attempts an event gets in all
 * @param base the longest wait after the first failure; it doubles with each one after
 * @param cap the longest wait between two attempts that the schedule asks for
 * @param maxRetryAfter the longest wait that a target may ask for; a longer one is cut
 */
public record RetryPolicy(int maxAttempts, Duration base, Duration cap, Duration maxRetryAfter) {

  /** 16 attempts over some four hours: 1 s, 2 s, 4 s ... to an hour; a target may ask for a day. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(16, Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofDays(1));

  private static final int MOST_DOUBLINGS = 30;

  public RetryPolicy {
    requireNonNull(base, "base is null");
    requireNonNull(cap, "cap is null");
    requireNonNull(maxRetryAfter, "maxRetryAfter is null");
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("maxAttempts must be at least 1, not " + maxAttempts);
    }
    if (!base.isPositive() || cap.compareTo(base) < 0 || maxRetryAfter.isNegative()) {
      throw new IllegalArgumentException(
          "waits must be positive and base %s not above cap %s".formatted(base, cap));
    }
  }

  /**
   * How long to wait after an attempt failed; empty if it was the last. The wait is drawn evenly
   * from the upper half of {@code base * 2^(attempt - 1)}, at most {@code cap} ("equal jitter",
   * Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog 2015), and is never shorter
   * than what the target asked for.
   *
   * @param attempt the number of the attempt that failed, from 1
   * @param retryAfter what the target asked for; null if nothing
   * @param random where the jitter comes from
   */
  public Optional<Duration> waitAfter(
      int attempt, @Nullable Duration retryAfter, RandomGenerator random) {
    if (attempt >= maxAttempts) {
      return Optional.empty();
    }
    Duration wait = jittered(ceiling(attempt), random);
    Duration asked = retryAfter == null ? Duration.ZERO : min(retryAfter, maxRetryAfter);
    return Optional.of(asked.compareTo(wait) > 0 ? asked : wait);
  }

  private Duration ceiling(int attempt) {
    int doublings = Math.min(attempt - 1, MOST_DOUBLINGS);
    return min(base.multipliedBy(1L << doublings), cap);
  }

  private static Duration jittered(Duration ceiling, RandomGenerator random) {
    long millis = Math.max(1, ceiling.toMillis());
    return Duration.ofMillis(millis - random.nextLong(millis / 2 + 1));
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
