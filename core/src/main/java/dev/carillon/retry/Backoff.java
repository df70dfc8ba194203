package dev.carillon.retry;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** How long to wait after each failed attempt. */
public sealed interface Backoff {

  /** The longest wait that a backoff may have. */
  Duration LONGEST = Duration.ofDays(7);

  /**
   * How long to wait after an attempt failed.
   *
   * @param attempt the number of the attempt that failed, from 1
   * @param random where the jitter comes from
   */
  Duration after(int attempt, RandomGenerator random);

  /**
   * Waits that double: drawn evenly from a tenth of {@code base * 2^(attempt - 1)}, at most {@code
   * cap}, up to all of it. That is "full jitter" (Brooker, "Exponential Backoff And Jitter", AWS
   * Architecture Blog 2015) with a bound below, so that none is tried again at once.
   */
  record Exponential(Duration base, Duration cap) implements Backoff {

    /** Which part of the ceiling is waited for at least. */
    public static final int FLOOR = 10;

    private static final int MOST_DOUBLINGS = 30;

    public Exponential {
      requireNonNull(base, "base is null");
      requireNonNull(cap, "cap is null");
      if (!base.isPositive() || cap.compareTo(base) < 0) {
        throw new IllegalArgumentException(
            "waits must be positive and base %s not above cap %s".formatted(base, cap));
      }
    }

    @Override
    public Duration after(int attempt, RandomGenerator random) {
      int doublings = Math.min(attempt - 1, MOST_DOUBLINGS);
      Duration doubled = base.multipliedBy(1L << doublings);
      long ceiling = Math.max(1, (doubled.compareTo(cap) > 0 ? cap : doubled).toMillis());
      long floor = Math.max(1, ceiling / FLOOR);
      return Duration.ofMillis(ceiling - random.nextLong(ceiling - floor + 1));
    }
  }

  /**
   * Waits that are written down: each as long as it says and up to a fifth longer, so that what
   * failed together is not tried again together. After the last one it stays at the last.
   */
  record Listed(List<Duration> waits) implements Backoff {

    /** The most waits of a list. */
    public static final int MOST = 24;

    /** Which part of a wait is added at most. */
    public static final int JITTER = 5;

    public Listed {
      waits = List.copyOf(waits);
      if (waits.isEmpty() || waits.size() > MOST) {
        throw new IllegalArgumentException(
            "a list has from 1 to %d waits, not %d".formatted(MOST, waits.size()));
      }
      for (Duration wait : waits) {
        if (!wait.isPositive() || wait.compareTo(LONGEST) > 0) {
          throw new IllegalArgumentException(
              "a wait is positive and at most %s, not %s".formatted(LONGEST, wait));
        }
      }
    }

    @Override
    public Duration after(int attempt, RandomGenerator random) {
      long wait = waits.get(Math.min(attempt, waits.size()) - 1).toMillis();
      return Duration.ofMillis(wait + random.nextLong(wait / JITTER + 1));
    }
  }
}
