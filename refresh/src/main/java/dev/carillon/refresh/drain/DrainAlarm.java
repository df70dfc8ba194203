package dev.carillon.refresh.drain;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What someone should be told of, of the drains of a source. Pure. */
public enum DrainAlarm {
  /** More than {@link #MOST_FAILURES} calls failed within {@link #FAILURES_WITHIN}. */
  FAILURES,

  /** The last drain ended because the source takes no key of ours, or a store was away. */
  BROKEN,

  /** No drain has begun for longer than {@link #LONGEST_BREAK}. */
  NO_DRAIN,

  /** A drain took, or takes, longer than {@link #LONGEST_DRAIN}. */
  LONG_DRAIN,

  /** More than {@link #MOST_WAITING} requests have waited for longer than {@link #CROWDED_FOR}. */
  CROWDED;

  /** So many failed calls are no alarm. */
  public static final int MOST_FAILURES = 5;

  /** The time in which failed calls are counted. */
  public static final Duration FAILURES_WITHIN = Duration.ofMinutes(10);

  /** Two drains of a schedule of two minutes may be missed. */
  public static final Duration LONGEST_BREAK = Duration.ofMinutes(5);

  /** A drain that takes longer leaves little of its five minutes. */
  public static final Duration LONGEST_DRAIN = Duration.ofMinutes(4);

  /** So many waiting requests are no alarm. */
  public static final long MOST_WAITING = 1_000;

  /** How long more may wait before it is one. */
  public static final Duration CROWDED_FOR = Duration.ofMinutes(10);

  /**
   * What alarms are decided by.
   *
   * @param failures the calls that failed within {@link #FAILURES_WITHIN}
   * @param lastDrain the drain that was begun last; null if there was none
   * @param since when anyone began to look: before that no drain is missed
   * @param crowdedSince since when more than {@link #MOST_WAITING} have waited; null if no more do
   */
  public record Seen(
      long failures, @Nullable PastDrain lastDrain, Instant since, @Nullable Instant crowdedSince) {
    public Seen {
      requireNonNull(since, "since is null");
    }
  }

  /** The alarms at a time. */
  public static Set<DrainAlarm> raised(Seen seen, Instant now) {
    Set<DrainAlarm> alarms = EnumSet.noneOf(DrainAlarm.class);
    PastDrain drain = seen.lastDrain();
    Instant begun =
        drain == null || drain.startedAt().isBefore(seen.since())
            ? seen.since()
            : drain.startedAt();
    if (seen.failures() > MOST_FAILURES) {
      alarms.add(FAILURES);
    }
    if (drain != null && (drain.ended() == Ended.REFUSED || drain.ended() == Ended.UNAVAILABLE)) {
      alarms.add(BROKEN);
    }
    if (isLonger(begun, now, LONGEST_BREAK)) {
      alarms.add(NO_DRAIN);
    }
    if (drain != null && isLong(drain, now)) {
      alarms.add(LONG_DRAIN);
    }
    Instant crowded = seen.crowdedSince();
    if (crowded != null && isLonger(crowded, now, CROWDED_FOR)) {
      alarms.add(CROWDED);
    }
    return alarms;
  }

  /** One without an end whose limit is over was killed: that is no long drain. */
  private static boolean isLong(PastDrain drain, Instant now) {
    Instant ended = drain.endedAt();
    boolean isKilled =
        ended == null && isLonger(drain.startedAt(), now, DrainLimits.MAX_TIME_LIMIT);
    return !isKilled && isLonger(drain.startedAt(), ended == null ? now : ended, LONGEST_DRAIN);
  }

  private static boolean isLonger(Instant from, Instant to, Duration than) {
    return Duration.between(from, to).compareTo(than) > 0;
  }
}
