package dev.carillon.webhook.traffic;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint's circuit breaker, one for all processes. Closed, everything passes. After {@link
 * #TRIPS_AT} failures in a row it opens: nothing passes for a time. Then it is half open: one
 * attempt passes, and closes it, or opens it for twice as long (Nygard, "Release It!", chapter 5).
 * Pure.
 *
 * @param failures how many attempts failed since one last succeeded
 * @param failingSince when the first of them did; null if none
 * @param cause why the last of them did; null if none
 * @param openUntil until when nothing passes; null while it is closed
 * @param openings how often it opened since an attempt last succeeded
 */
public record Breaker(
    int failures,
    @Nullable Instant failingSince,
    @Nullable String cause,
    @Nullable Instant openUntil,
    int openings) {

  /** After how many failures in a row it opens. */
  public static final int TRIPS_AT = 10;

  /** At which failure in a row somebody is told. */
  public static final int ALERTS_AT = 4;

  /** For how long it opens the first time. */
  public static final Duration FIRST_OPENING = Duration.ofSeconds(5);

  /** For how long it opens at most, also where the endpoint asked for longer. */
  public static final Duration LONGEST_OPENING = Duration.ofMinutes(5);

  /** After how long without a success an endpoint is disabled. */
  public static final Duration DISABLES_AFTER = Duration.ofDays(5);

  /** Of an endpoint that nothing was sent to. */
  public static final Breaker CLOSED = new Breaker(0, null, null, null, 0);

  private static final int MOST_DOUBLINGS = 10;

  /** No right clock makes an opening last longer. */
  private static final Duration UNBELIEVABLE = LONGEST_OPENING.multipliedBy(2);

  /** How much passes. */
  public enum State {
    /** Everything. */
    CLOSED,
    /** Nothing. */
    OPEN,
    /** One attempt at a time. */
    HALF_OPEN
  }

  /** How much passes at a moment. */
  public State state(Instant now) {
    if (openUntil == null) {
      return State.CLOSED;
    }
    boolean open = openUntil.isAfter(now) && openUntil.isBefore(now.plus(UNBELIEVABLE));
    return open ? State.OPEN : State.HALF_OPEN;
  }

  /** Whether somebody was told that the endpoint fails. */
  public boolean isAlerted() {
    return failures >= ALERTS_AT;
  }

  /** Whether it has failed for so long that it is to be disabled. */
  public boolean isHopeless(Instant now) {
    return failingSince != null
        && failures >= TRIPS_AT
        && failingSince.plus(DISABLES_AFTER).isBefore(now);
  }

  /** What becomes of it by what attempts say. */
  public Breaker after(Tally tally, Instant now) {
    if (tally.isEmpty()) {
      return this;
    }
    Breaker counted = tally.succeeded() > 0 ? restarted(tally, now) : continued(tally, now);
    Breaker tripped =
        counted.failures >= TRIPS_AT && tally.failed() > 0 && counted.state(now) != State.OPEN
            ? counted.opened(now)
            : counted;
    // One odd message may be answered with an hour's wait: that is then its own wait, and nobody
    // else's. Who asks for the fourth time in a row means all of them.
    return tripped.isAlerted() ? tripped.askedToWait(tally.askedUntil(), now) : tripped;
  }

  private static Breaker restarted(Tally tally, Instant now) {
    return tally.failedInRow() == 0
        ? CLOSED
        : new Breaker(tally.failedInRow(), now, tally.cause(), null, 0);
  }

  private Breaker continued(Tally tally, Instant now) {
    Instant since = failingSince == null ? now : failingSince;
    return new Breaker(failures + tally.failed(), since, tally.cause(), openUntil, openings);
  }

  private Breaker opened(Instant now) {
    Duration doubled = FIRST_OPENING.multipliedBy(1L << Math.min(openings, MOST_DOUBLINGS));
    Duration opening = doubled.compareTo(LONGEST_OPENING) > 0 ? LONGEST_OPENING : doubled;
    return new Breaker(failures, failingSince, cause, now.plus(opening), openings + 1);
  }

  private Breaker askedToWait(@Nullable Instant until, Instant now) {
    if (until == null || !until.isAfter(now)) {
      return this;
    }
    Instant latest = now.plus(LONGEST_OPENING);
    Instant capped = until.isAfter(latest) ? latest : until;
    boolean longer = state(now) == State.OPEN && requireNonNull(openUntil).isAfter(capped);
    return longer ? this : new Breaker(failures, failingSince, cause, capped, openings);
  }
}
