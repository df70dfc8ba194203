package dev.carillon.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * {@link WallClock} against the minute-by-minute {@link MinuteScan}: every zone whose clocks change
 * from 2024 to 2037, every policy.
 */
class WallClockOracleTest {

  private static final TimeZones ZONES = TimeZones.ofJvm();

  private final List<String> wrong = new ArrayList<>();
  private int compared;
  private int gaps;
  private int overlaps;

  @Test
  void agreesAroundEveryTransitionOfEveryZone() {
    forEachRules((rules, zones) -> {
      for (LocalDate day : ChangingZones.transitionDays(rules)) {
        MinuteScan scan = new MinuteScan(rules, day.minusDays(1), day.plusDays(2));
        for (int offset = -1; offset <= 1; offset++) {
          for (LocalTime time : ChangingZones.TIMES) {
            compare(scan, day.plusDays(offset).atTime(time), zones);
          }
        }
      }
    });

    assertThat(wrong).isEmpty();
    // The sweep must have met what it is for: both kinds of change, in every year.
    assertThat(compared).isGreaterThan(50_000);
    assertThat(gaps).isGreaterThan(1_000);
    assertThat(overlaps).isGreaterThan(1_000);
  }

  @Test
  void agreesAtNineOnTheDaysThatBirthdaysAreMovedTo() {
    forEachRules((rules, zones) -> {
      for (int year = ChangingZones.FIRST_YEAR - 1; year <= ChangingZones.LAST_YEAR; year++) {
        LocalDate feb28 = LocalDate.of(year, 2, 28);
        LocalDate newYear = LocalDate.of(year + 1, 1, 1);
        MinuteScan february = new MinuteScan(rules, feb28, feb28.plusDays(2));
        MinuteScan turn = new MinuteScan(rules, newYear.minusDays(1), newYear);
        for (LocalDate day : feb28.datesUntil(LocalDate.of(year, 3, 2)).toList()) {
          compare(february, day.atTime(9, 0), zones);
        }
        compare(turn, newYear.minusDays(1).atTime(9, 0), zones);
        compare(turn, newYear.atTime(9, 0), zones);
      }
    });

    assertThat(wrong).isEmpty();
    assertThat(compared).isGreaterThan(10_000);
  }

  @Test
  void agreesOnTheWholeDaysThatZonesSkipped() {
    skippedDay("Pacific/Apia", LocalDate.of(2011, 12, 30));
    skippedDay("Pacific/Fakaofo", LocalDate.of(2011, 12, 30));
    skippedDay("Pacific/Kwajalein", LocalDate.of(1993, 8, 21));
    skippedDay("Pacific/Kiritimati", LocalDate.of(1994, 12, 31));
    skippedDay("Pacific/Enderbury", LocalDate.of(1994, 12, 31));

    assertThat(wrong).isEmpty();
    assertThat(gaps).isEqualTo(5 * ChangingZones.TIMES.size());
  }

  private void skippedDay(String name, LocalDate day) {
    ZoneId zone = ZoneId.of(name);
    MinuteScan scan = new MinuteScan(zone.getRules(), day.minusDays(1), day.plusDays(2));
    for (int offset = -1; offset <= 1; offset++) {
      for (LocalTime time : ChangingZones.TIMES) {
        compare(scan, day.plusDays(offset).atTime(time), List.of(zone));
      }
    }
  }

  private void compare(MinuteScan scan, LocalDateTime local, List<ZoneId> zones) {
    List<Instant> shown = scan.showing(local);
    gaps += shown.isEmpty() ? 1 : 0;
    overlaps += shown.size() == 2 ? 1 : 0;
    for (GapPolicy gap : GapPolicy.values()) {
      for (OverlapPolicy overlap : OverlapPolicy.values()) {
        Instant expected = expected(scan, local, shown, new WallClock(ZONES, gap, overlap));
        for (ZoneId zone : zones) {
          check(new WallClock(ZONES, gap, overlap), local, zone, expected);
        }
      }
    }
  }

  private static @Nullable Instant expected(
      MinuteScan scan, LocalDateTime local, List<Instant> shown, WallClock clock) {
    if (!shown.isEmpty()) {
      return clock.overlap() == OverlapPolicy.SECOND ? shown.getLast() : shown.getFirst();
    }
    return switch (clock.gap()) {
      case SHIFT_FORWARD -> scan.shiftedByGap(local);
      case END_OF_GAP -> scan.endOfGap(local);
      case SKIP -> null;
    };
  }

  private void check(
      WallClock clock, LocalDateTime local, ZoneId zone, @Nullable Instant expected) {
    compared++;
    Optional<Occurrence> actual = clock.at(local, zone);
    boolean nominal = actual.map(Occurrence::local).map(local::equals).orElse(true);
    if (!actual.map(Occurrence::instant).equals(Optional.ofNullable(expected)) || !nominal) {
      wrong.add(
          "%s %s %s/%s: %s, not %s"
              .formatted(zone, local, clock.gap(), clock.overlap(), actual, expected));
    }
  }

  private interface Sweep {
    void over(ZoneRules rules, List<ZoneId> zones);
  }

  /** Zones with the same rules are scanned once; each zone is compared all the same. */
  private static void forEachRules(Sweep sweep) {
    Map<ZoneRules, List<ZoneId>> byRules =
        ChangingZones.all().stream().collect(Collectors.groupingBy(ZoneId::getRules));
    byRules.forEach(sweep::over);
  }
}
