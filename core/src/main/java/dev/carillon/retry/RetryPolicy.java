package dev.carillon.retry;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When a failed attempt is made again, and when no more.
 *
 * @param maxAttempts how many attempts an event gets in all
 * @param backoff how long to wait after each
 * @param maxRetryAfter the longest wait that a target may ask for; a longer one is cut
 */
public record RetryPolicy(int maxAttempts, Backoff backoff, Duration maxRetryAfter) {

  /** The most attempts of any policy. */
  public static final int MOST_ATTEMPTS = 100;

  /** See {@link #maxRetryAfter}. */
  public static final Duration DEFAULT_MAX_RETRY_AFTER = Duration.ofDays(1);

  /** 16 attempts over some four hours: 1 s, 2 s, 4 s ... to an hour; a target may ask for a day. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(
          16,
          new Backoff.Exponential(Duration.ofSeconds(1), Duration.ofHours(1)),
          DEFAULT_MAX_RETRY_AFTER);

  public RetryPolicy {
    requireNonNull(backoff, "backoff is null");
    requireNonNull(maxRetryAfter, "maxRetryAfter is null");
    if (maxAttempts < 1 || maxAttempts > MOST_ATTEMPTS) {
      throw new IllegalArgumentException(
          "maxAttempts must be from 1 to %d, not %d".formatted(MOST_ATTEMPTS, maxAttempts));
    }
    if (maxRetryAfter.isNegative()) {
      throw new IllegalArgumentException("maxRetryAfter is negative: " + maxRetryAfter);
    }
  }

  /** One attempt, and one more after each of these waits. */
  public static RetryPolicy listed(List<Duration> waits) {
    return new RetryPolicy(waits.size() + 1, new Backoff.Listed(waits), DEFAULT_MAX_RETRY_AFTER);
  }

  /** The same with another number of attempts. */
  public RetryPolicy withMaxAttempts(int most) {
    return new RetryPolicy(most, backoff, maxRetryAfter);
  }

  /**
   * How long to wait after an attempt failed; empty if it was the last. Never shorter than what the
   * target asked for.
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
    Duration wait = backoff.after(attempt, random);
    Duration asked = retryAfter == null ? Duration.ZERO : min(retryAfter, maxRetryAfter);
    return Optional.of(asked.compareTo(wait) > 0 ? asked : wait);
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
