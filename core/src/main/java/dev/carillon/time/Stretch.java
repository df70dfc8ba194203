package dev.carillon.time;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import org.jspecify.annotations.Nullable;

/**
 * The time between two changes of a zone's clocks, during which local times come in the order of
 * instants. All numbers are seconds: of the epoch for instants, of {@link LocalTimes} for local
 * times.
 *
 * @param from the first instant
 * @param until the first instant of the next stretch; {@code Long.MAX_VALUE} if there is none
 * @param before the offset of the stretch before
 * @param offset the offset of this one
 * @param after the offset of the next one
 */
record Stretch(long from, long until, int before, int offset, int after) {

  private static final long ALWAYS = Long.MAX_VALUE;

  /** A local time and the instant that it is taken to mean. */
  record Hit(long nominal, long instant) {}

  /** The stretch that an instant is in. */
  static Stretch around(ZoneRules rules, long second) {
    Instant instant = Instant.ofEpochSecond(second);
    int offset = rules.getOffset(instant).getTotalSeconds();
    ZoneOffsetTransition previous = rules.previousTransition(instant.plusSeconds(1));
    ZoneOffsetTransition next = rules.nextTransition(instant);
    return new Stretch(
        previous == null ? Long.MIN_VALUE : previous.toEpochSecond(),
        next == null ? ALWAYS : next.toEpochSecond(),
        previous == null ? offset : previous.getOffsetBefore().getTotalSeconds(),
        offset,
        next == null ? offset : next.getOffsetAfter().getTotalSeconds());
  }

  /** What comes first at an instant of this stretch or later in it; null if nothing does. */
  @Nullable Hit first(LocalTimes times, long second, WallClock clock) {
    Hit shown = shown(times, second, clock.overlap());
    if (offset <= before) {
      return shown;
    }
    Hit moved =
        switch (clock.gap()) {
          case SHIFT_FORWARD -> shifted(times, second);
          case END_OF_GAP -> second == from ? delayed(times) : null;
          case SKIP -> null;
        };
    return shown == null || (moved != null && moved.instant() < shown.instant()) ? moved : shown;
  }

  /**
   * The instant to go on from: in the stretch in which the next local time comes, if that is far.
   * {@link LocalTimes#NONE} if nothing comes after this stretch.
   */
  long leap(LocalTimes times, ZoneRules rules) {
    if (until == ALWAYS) {
      return LocalTimes.NONE;
    }
    long nominal = times.ceiling(until + Math.min(offset, after));
    if (nominal == LocalTimes.NONE) {
      return LocalTimes.NONE;
    }
    LocalDateTime local = LocalDateTime.ofEpochSecond(nominal, 0, ZoneOffset.UTC);
    ZoneOffsetTransition transition = rules.getTransition(local);
    // A skipped time may be moved to the very end of its gap, where the next stretch begins.
    return transition != null && transition.isGap()
        ? transition.toEpochSecond()
        : Math.max(until, nominal - rules.getOffset(local).getTotalSeconds());
  }

  private @Nullable Hit shown(LocalTimes times, long second, OverlapPolicy overlap) {
    long lowest = second + offset;
    long limit = until == ALWAYS ? ALWAYS : until + offset;
    if (overlap == OverlapPolicy.FIRST && offset < before) {
      lowest = Math.max(lowest, from + before);
    }
    if (overlap == OverlapPolicy.SECOND && until != ALWAYS) {
      limit = until + Math.min(offset, after);
    }
    long nominal = lowest < limit ? times.ceiling(lowest) : LocalTimes.NONE;
    return nominal < limit ? new Hit(nominal, nominal - offset) : null;
  }

  /** A skipped time moved by the gap: the offset before the gap still holds for it. */
  private @Nullable Hit shifted(LocalTimes times, long second) {
    long least = second + before;
    long nominal = least < from + offset ? times.ceiling(least) : LocalTimes.NONE;
    return nominal < from + offset ? new Hit(nominal, nominal - before) : null;
  }

  private @Nullable Hit delayed(LocalTimes times) {
    long nominal = times.ceiling(from + before);
    return nominal < from + offset ? new Hit(nominal, from) : null;
  }
}
