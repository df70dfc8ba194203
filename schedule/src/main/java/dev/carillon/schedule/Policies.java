package dev.carillon.schedule;

import static java.util.Objects.requireNonNull;

import dev.carillon.retry.Backoff;
import dev.carillon.retry.RetryPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a schedule behaves when things do not go as they should. The defaults are what users of
 * EventBridge Scheduler expect.
 *
 * @param misfire what becomes of nominal times that passed while nobody was up
 * @param catchUpWindow how long ago such a time may be to be run all the same
 * @param maxCatchUp how many of them are run at most
 * @param runOverlap what a firing does while an earlier one has not ended
 * @param jitter by how much a firing may come later than its nominal time: the flexible window
 * @param maxAge how long after a run was due an attempt may begin; null for no such limit
 * @param retry when failed attempts are made again; null for the engine's policy
 * @param pauseOnFailure whether a run that failed for good pauses the schedule
 * @param afterLastRun what becomes of the schedule when it has ended
 */
public record Policies(
    MisfirePolicy misfire,
    Duration catchUpWindow,
    int maxCatchUp,
    RunOverlap runOverlap,
    Duration jitter,
    @Nullable Duration maxAge,
    @Nullable RetryPolicy retry,
    boolean pauseOnFailure,
    AfterLastRun afterLastRun) {

  /** The most missed firings that a schedule may run. */
  public static final int MOST_CATCH_UP = 1_000;

  /** The longest catch-up window and the greatest age. */
  public static final Duration LONGEST = Duration.ofDays(366);

  /** The largest flexible window: EventBridge Scheduler's 1,440 minutes. */
  public static final Duration MAX_JITTER = Duration.ofDays(1);

  /** EventBridge Scheduler gives an event up when it is a day old. */
  public static final Duration DEFAULT_CATCH_UP_WINDOW = Duration.ofDays(1);

  /** How many missed firings are run unless someone says otherwise. */
  public static final int DEFAULT_MAX_CATCH_UP = 100;

  /** The latest missed firing of the last day is run, runs may overlap, no jitter. */
  public static final Policies DEFAULT =
      new Policies(
          MisfirePolicy.FIRE_ONCE,
          DEFAULT_CATCH_UP_WINDOW,
          DEFAULT_MAX_CATCH_UP,
          RunOverlap.ALLOW,
          Duration.ZERO,
          null,
          null,
          false,
          AfterLastRun.KEEP);

  public Policies {
    requireNonNull(misfire, "misfire is null");
    requireNonNull(runOverlap, "runOverlap is null");
    requireNonNull(afterLastRun, "afterLastRun is null");
    requireSeconds("catch_up_window", catchUpWindow, Duration.ofSeconds(1), LONGEST);
    requireSeconds("jitter", jitter, Duration.ZERO, MAX_JITTER);
    if (maxAge != null) {
      requireSeconds("max_age", maxAge, Duration.ofSeconds(1), LONGEST);
    }
    if (maxCatchUp < 1 || maxCatchUp > MOST_CATCH_UP) {
      throw new IllegalArgumentException(
          "max_catch_up must be from 1 to %d, not %d".formatted(MOST_CATCH_UP, maxCatchUp));
    }
    if (retry != null && retry.backoff() instanceof Backoff.Exponential(Duration b, Duration c)) {
      requireDefaultWaits(b, c);
    }
  }

  /** How long ago a missed firing may be to be run: it must not be too old before it begins. */
  public Duration effectiveWindow() {
    return maxAge == null || maxAge.compareTo(catchUpWindow) > 0 ? catchUpWindow : maxAge;
  }

  /** The same with another misfire policy. */
  public Policies withMisfire(MisfirePolicy policy, Duration window, int most) {
    return new Policies(
        policy, window, most, runOverlap, jitter, maxAge, retry, pauseOnFailure, afterLastRun);
  }

  /** The same with another policy for overlapping runs. */
  public Policies withRunOverlap(RunOverlap policy) {
    return new Policies(
        misfire,
        catchUpWindow,
        maxCatchUp,
        policy,
        jitter,
        maxAge,
        retry,
        pauseOnFailure,
        afterLastRun);
  }

  /** The same with another flexible window. */
  public Policies withJitter(Duration window) {
    return new Policies(
        misfire,
        catchUpWindow,
        maxCatchUp,
        runOverlap,
        window,
        maxAge,
        retry,
        pauseOnFailure,
        afterLastRun);
  }

  /** The same with another policy for failed attempts. */
  public Policies withRetry(RetryPolicy policy) {
    return new Policies(
        misfire,
        catchUpWindow,
        maxCatchUp,
        runOverlap,
        jitter,
        maxAge,
        policy,
        pauseOnFailure,
        afterLastRun);
  }

  private static void requireSeconds(String name, Duration value, Duration least, Duration most) {
    requireNonNull(value, name + " is null");
    if (value.compareTo(least) < 0
        || value.compareTo(most) > 0
        || !value.equals(Duration.ofSeconds(value.toSeconds()))) {
      throw new IllegalArgumentException(
          "%s must be whole seconds from %s to %s, not %s".formatted(name, least, most, value));
    }
  }

  private static void requireDefaultWaits(Duration base, Duration cap) {
    if (!RetryPolicy.DEFAULT.backoff().equals(new Backoff.Exponential(base, cap))) {
      throw new IllegalArgumentException(
          "retry must be a number of attempts, or a list of waits in whole seconds");
    }
  }
}
