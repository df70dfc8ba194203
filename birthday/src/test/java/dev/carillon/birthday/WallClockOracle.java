package dev.carillon.birthday;

import dev.carillon.time.LeapDayPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The oracle: tries every offset there can be, and asks the zone only for the offset of an instant.
 * Exact to the second for zones whose offsets are quarters of an hour, as all are since 1972.
 */
final class WallClockOracle {

  private static final int MOST_OFFSET = 15 * 3_600;
  private static final int LEAST_OFFSET = -13 * 3_600;
  private static final int QUARTER = 900;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private WallClockOracle() {}

  /** The instants at which the wall clock shows a local time, in order. */
  static List<Instant> showing(LocalDateTime local, ZoneId zone) {
    ZoneRules rules = zone.getRules();
    List<Instant> instants = new ArrayList<>();
    for (int offset = MOST_OFFSET; offset >= LEAST_OFFSET; offset -= QUARTER) {
      Instant candidate = Instant.ofEpochSecond(local.toEpochSecond(ZoneOffset.UTC) - offset);
      if (rules.getOffset(candidate).getTotalSeconds() == offset) {
        instants.add(candidate);
      }
    }
    return instants;
  }

  /** The first instant that shows a time; for a skipped one, that of the time plus the gap. */
  static Instant keeping(LocalDateTime local, ZoneId zone) {
    List<Instant> shown = showing(local, zone);
    if (!shown.isEmpty()) {
      return shown.getFirst();
    }
    LocalDateTime before = local;
    while (showing(before, zone).isEmpty()) {
      before = before.minus(MINUTE);
    }
    LocalDateTime after = local;
    while (showing(after, zone).isEmpty()) {
      after = after.plus(MINUTE);
    }
    Duration gap = Duration.between(before, after).minus(MINUTE);
    return showing(local.plus(gap), zone).getFirst();
  }

  /** The date of a birthday in a year, written out. */
  static Optional<LocalDate> birthday(LocalDate born, LeapDayPolicy policy, int year) {
    boolean leapDay = born.getMonthValue() == 2 && born.getDayOfMonth() == 29;
    if (!leapDay || Year.isLeap(year)) {
      return Optional.of(LocalDate.of(year, born.getMonthValue(), born.getDayOfMonth()));
    }
    return switch (policy) {
      case FEB_28 -> Optional.of(LocalDate.of(year, 2, 28));
      case MAR_1 -> Optional.of(LocalDate.of(year, 3, 1));
      case LEAP_ONLY -> Optional.empty();
    };
  }
}
