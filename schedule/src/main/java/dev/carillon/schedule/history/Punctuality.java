package dev.carillon.schedule.history;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How punctual a schedule's last runs were. Only runs that came of a nominal time count, those that
 * were caught up on too; {@link PastRun#lateness} says what lateness is.
 *
 * @param runs how many runs it is about
 * @param p50 the lateness that half of them did not exceed; zero without runs
 * @param p99 the lateness that 99 of 100 did not exceed
 * @param max the greatest lateness
 * @param missed how many firings were not run, as far as it is remembered
 */
public record Punctuality(int runs, Duration p50, Duration p99, Duration max, long missed) {

  /** How many of the last runs it is about at most. */
  public static final int MAX_RUNS = 1_000;

  public Punctuality {
    requireNonNull(p50, "p50 is null");
    requireNonNull(p99, "p99 is null");
    requireNonNull(max, "max is null");
  }
}
