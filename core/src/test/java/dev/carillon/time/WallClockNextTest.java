package dev.carillon.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The next of a set of local times, in the order of instants. */
class WallClockNextTest {

  private static final TimeZones ZONES = TimeZones.ofJvm();
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
  private static final int MINUTES_APART = 30;
  private static final LocalTimes HALF_HOURS = every(MINUTES_APART * 60);

  private static LocalTimes every(long seconds) {
    return from -> Math.ceilDiv(from, seconds) * seconds;
  }

  private static LocalTimes once(String local) {
    long second = LocalDateTime.parse(local).toEpochSecond(ZoneOffset.UTC);
    return from -> from <= second ? second : LocalTimes.NONE;
  }

  @Test
  void agreesWithAMinuteScanAroundChangesOfEveryKind() {
    int compared = 0;
    for (String zone :
        List.of(
            "America/New_York",
            "Europe/London",
            "Australia/Lord_Howe",
            "America/Santiago",
            "Africa/Cairo",
            "Antarctica/Troll",
            "Asia/Kathmandu")) {
      ZoneRules rules = ZoneId.of(zone).getRules();
      List<LocalDate> days =
          new ArrayList<>(ChangingZones.transitionDays(rules).stream().limit(4).toList());
      days.add(LocalDate.of(2026, 1, 15));
      for (LocalDate day : days) {
        for (GapPolicy gap : GapPolicy.values()) {
          for (OverlapPolicy overlap : OverlapPolicy.values()) {
            compared += compare(ZoneId.of(zone), day, new WallClock(ZONES, gap, overlap));
          }
        }
      }
    }
    assertThat(compared).isGreaterThan(10_000);
  }

  private static int compare(ZoneId zone, LocalDate day, WallClock clock) {
    MinuteScan scan = new MinuteScan(zone.getRules(), day.minusDays(1), day.plusDays(1));
    TreeSet<Instant> expected = new TreeSet<>();
    LocalDateTime end = day.plusDays(1).atTime(12, 0);
    for (LocalDateTime at = day.minusDays(1).atTime(12, 0);
        !at.isAfter(end);
        at = at.plusMinutes(MINUTES_APART)) {
      List<Instant> shown = scan.showing(at);
      switch (clock.overlap()) {
        case FIRST -> shown.stream().limit(1).forEach(expected::add);
        case SECOND -> shown.stream().skip(Math.max(0, shown.size() - 1L)).forEach(expected::add);
        case BOTH -> expected.addAll(shown);
      }
      if (shown.isEmpty() && clock.gap() != GapPolicy.SKIP) {
        boolean shift = clock.gap() == GapPolicy.SHIFT_FORWARD;
        expected.add(shift ? scan.shiftedByGap(at) : scan.endOfGap(at));
      }
    }
    Instant from = expected.first();
    List<Instant> actual = new ArrayList<>();
    while (!from.isAfter(expected.last())) {
      from = clock.next(HALF_HOURS, zone, from).orElseThrow().instant();
      actual.add(from);
      from = from.plusNanos(1);
    }
    actual.removeIf(instant -> instant.isAfter(expected.last()));
    assertThat(actual).as("%s %s %s", zone, day, clock).containsExactlyElementsOf(expected);
    return actual.size();
  }

  @Test
  void aTimeThatTheClocksShowGivesItsNameToOneThatIsMovedThere() {
    WallClock clock = new WallClock(ZONES, GapPolicy.END_OF_GAP, OverlapPolicy.FIRST);
    Instant justBefore = Instant.parse("2026-03-08T06:59:59Z");

    assertThat(clock.next(HALF_HOURS, NEW_YORK, justBefore))
        .hasValueSatisfying(at -> {
          assertThat(at.instant()).isEqualTo("2026-03-08T07:00:00Z");
          assertThat(at.local()).isEqualTo("2026-03-08T03:00");
          assertThat(at.tzdbVersion()).isEqualTo(ZONES.version());
        });
  }

  @Test
  void farTimesAreFoundAndMovedAsNearOnes() {
    Instant from = Instant.parse("1950-01-01T00:00:00Z");
    LocalTimes skipped = once("2026-03-08T02:30");

    WallClock end = new WallClock(ZONES, GapPolicy.END_OF_GAP, OverlapPolicy.FIRST);
    assertThat(end.next(skipped, NEW_YORK, from).orElseThrow().instant())
        .isEqualTo("2026-03-08T07:00:00Z");
    assertThat(WallClock.keeping(ZONES).next(skipped, NEW_YORK, from).orElseThrow().instant())
        .isEqualTo("2026-03-08T07:30:00Z");
    WallClock skip = new WallClock(ZONES, GapPolicy.SKIP, OverlapPolicy.FIRST);
    assertThat(skip.next(skipped, NEW_YORK, from)).isEmpty();
    assertThat(skip.next(skipped, ZoneId.of("UTC"), from).orElseThrow().instant())
        .isEqualTo("2026-03-08T02:30:00Z");
    assertThat(skip.next(skipped, ZoneId.of("UTC"), Instant.parse("2027-01-01T00:00:00Z")))
        .isEmpty();
  }

  @Test
  void bothTakesTheFirstWhereOnlyOneIsAskedFor() {
    WallClock both = new WallClock(ZONES, GapPolicy.SKIP, OverlapPolicy.BOTH);
    LocalDateTime repeated = LocalDateTime.parse("2026-11-01T01:30");

    assertThat(both.at(repeated, NEW_YORK).orElseThrow().instant())
        .isEqualTo("2026-11-01T05:30:00Z");
    assertThat(both.note(repeated, NEW_YORK))
        .isEqualTo("2026-11-01T01:30 comes twice in America/New_York: both are taken");
  }
}
