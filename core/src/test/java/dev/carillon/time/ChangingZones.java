package dev.carillon.time;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The zones whose clocks change from 2024 to 2037, and the local times worth asking of them. */
final class ChangingZones {

  static final int FIRST_YEAR = 2024;
  static final int LAST_YEAR = 2037;

  static final List<LocalTime> TIMES =
      List.of(
          LocalTime.of(0, 0),
          LocalTime.of(0, 30),
          LocalTime.of(1, 30),
          LocalTime.of(2, 0),
          LocalTime.of(2, 30),
          LocalTime.of(3, 0),
          LocalTime.of(9, 0),
          LocalTime.of(23, 59));

  private ChangingZones() {}

  static List<ZoneId> all() {
    return new TreeSet<>(ZoneId.getAvailableZoneIds())
        .stream()
            .map(ZoneId::of)
            .filter(zone -> !transitionDays(zone.getRules()).isEmpty())
            .toList();
  }

  /** The local dates on which the clocks change, before and after the change. */
  static List<LocalDate> transitionDays(ZoneRules rules) {
    List<LocalDate> days = new ArrayList<>();
    Instant end = LocalDate.of(LAST_YEAR + 1, 1, 1).atStartOfDay().toInstant(ZoneOffset.UTC);
    Instant at = LocalDate.of(FIRST_YEAR, 1, 1).atStartOfDay().toInstant(ZoneOffset.UTC);
    ZoneOffsetTransition next = rules.nextTransition(at);
    while (next != null && next.getInstant().isBefore(end)) {
      days.add(next.getDateTimeBefore().toLocalDate());
      next = rules.nextTransition(next.getInstant());
    }
    return days;
  }
}
