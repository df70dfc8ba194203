package dev.carillon.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WallClockTest {

  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
  private static final TimeZones ZONES = TimeZones.ofJvm();
  private static final WallClock KEEPING = WallClock.keeping(ZONES);

  @Test
  void anOrdinaryTimeKeepsItsLocalTimeZoneAndRelease() {
    Occurrence at = at(KEEPING, "2026-07-01T09:00", NEW_YORK);

    assertThat(at.instant()).isEqualTo("2026-07-01T13:00:00Z");
    assertThat(at.local()).isEqualTo("2026-07-01T09:00");
    assertThat(at.zone()).isEqualTo(NEW_YORK);
    assertThat(at.tzdbVersion()).isEqualTo(ZONES.version());
    assertThat(KEEPING.note(at.local(), NEW_YORK)).isNull();
  }

  @Nested
  class WhereTheClocksJump {

    private static final String SKIPPED = "2026-03-08T02:30";

    @Test
    void theKeepingPolicyMovesTheTimeByTheGap() {
      Occurrence at = at(KEEPING, SKIPPED, NEW_YORK);

      assertThat(at.instant()).isEqualTo("2026-03-08T07:30:00Z");
      assertThat(at.local()).as("the nominal time stays").isEqualTo(SKIPPED);
      assertThat(KEEPING.shownAt(at)).isEqualTo("2026-03-08T03:30");
      assertThat(KEEPING.note(at.local(), NEW_YORK))
          .isEqualTo(
              "2026-03-08T02:30 does not exist in America/New_York: moved forward by the gap");
    }

    @Test
    void endOfGapIsTheFirstInstantAfterIt() {
      WallClock clock = new WallClock(ZONES, GapPolicy.END_OF_GAP, OverlapPolicy.FIRST);
      Occurrence at = at(clock, SKIPPED, NEW_YORK);

      assertThat(at.instant()).isEqualTo("2026-03-08T07:00:00Z");
      assertThat(clock.shownAt(at)).isEqualTo("2026-03-08T03:00");
      assertThat(clock.note(at.local(), NEW_YORK)).endsWith("moved to the end of the gap");
    }

    @Test
    void skipHasNoOccurrence() {
      WallClock clock = new WallClock(ZONES, GapPolicy.SKIP, OverlapPolicy.FIRST);

      assertThat(clock.at(LocalDateTime.parse(SKIPPED), NEW_YORK)).isEmpty();
      assertThat(clock.note(LocalDateTime.parse(SKIPPED), NEW_YORK)).endsWith(": skipped");
    }

    @ParameterizedTest
    @CsvSource({
      "America/Santiago,   2026-09-06T00:00, 2026-09-06T01:00, 2026-09-06T04:00:00Z",
      "Africa/Cairo,       2026-04-24T00:30, 2026-04-24T01:30, 2026-04-23T22:30:00Z",
      "Australia/Lord_Howe,2026-10-04T02:15, 2026-10-04T02:45, 2026-10-03T15:45:00Z",
      "Pacific/Apia,       2011-12-30T09:00, 2011-12-31T09:00, 2011-12-30T19:00:00Z",
      "Pacific/Kwajalein,  1993-08-21T09:00, 1993-08-22T09:00, 1993-08-21T21:00:00Z",
      "Pacific/Kiritimati, 1994-12-31T09:00, 1995-01-01T09:00, 1994-12-31T19:00:00Z",
      "Pacific/Kiritimati, 1995-01-01T09:00, 1995-01-01T09:00, 1994-12-31T19:00:00Z"
    })
    void everyKindOfGapIsCrossedByItsLength(
        String zone, LocalDateTime local, LocalDateTime shown, Instant instant) {
      Occurrence at = KEEPING.at(local, ZoneId.of(zone)).orElseThrow();

      assertThat(at.instant()).isEqualTo(instant);
      assertThat(KEEPING.shownAt(at)).isEqualTo(shown);
    }

    @Test
    void aSkippedDayIsNamedAsADay() {
      assertThat(KEEPING.note(LocalDateTime.parse("2011-12-30T09:00"), ZoneId.of("Pacific/Apia")))
          .isEqualTo("the day 2011-12-30 does not exist in Pacific/Apia: moved forward by the gap");
    }
  }

  @Nested
  class WhereTheClocksGoBack {

    private static final String REPEATED = "2026-11-01T01:30";

    @Test
    void theKeepingPolicyTakesTheFirst() {
      assertThat(at(KEEPING, REPEATED, NEW_YORK).instant()).isEqualTo("2026-11-01T05:30:00Z");
      assertThat(KEEPING.note(LocalDateTime.parse(REPEATED), NEW_YORK))
          .isEqualTo("2026-11-01T01:30 comes twice in America/New_York: the first one is taken");
    }

    @Test
    void secondIsAfterTheClocksWentBack() {
      WallClock clock = new WallClock(ZONES, GapPolicy.SHIFT_FORWARD, OverlapPolicy.SECOND);

      assertThat(at(clock, REPEATED, NEW_YORK).instant()).isEqualTo("2026-11-01T06:30:00Z");
      assertThat(clock.note(LocalDateTime.parse(REPEATED), NEW_YORK))
          .endsWith("the second one is taken");
    }

    @Test
    void halfAnHourComesTwiceOnLordHowe() {
      ZoneId lordHowe = ZoneId.of("Australia/Lord_Howe");

      assertThat(KEEPING.note(LocalDateTime.parse("2026-04-05T01:30"), lordHowe)).isNotNull();
      assertThat(KEEPING.note(LocalDateTime.parse("2026-04-05T01:29"), lordHowe)).isNull();
      assertThat(KEEPING.note(LocalDateTime.parse("2026-04-05T02:00"), lordHowe)).isNull();
    }
  }

  private static Occurrence at(WallClock clock, String local, ZoneId zone) {
    return clock.at(LocalDateTime.parse(local), zone).orElseThrow();
  }
}
