package dev.carillon.schedule.expression;

import static dev.carillon.schedule.expression.Expressions.in;
import static dev.carillon.schedule.expression.Expressions.never;
import static dev.carillon.schedule.expression.Expressions.next;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.time.GapPolicy;
import dev.carillon.time.OverlapPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import net.fortuna.ical4j.model.Recur;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RruleExpressionTest {

  private static final int COMPARED = 200;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=10",
        "FREQ=DAILY;BYMONTH=1;BYHOUR=8,20;BYMINUTE=0,30",
        "FREQ=DAILY;BYDAY=MO,WE,FR;BYHOUR=9,17",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO,WE,FR",
        "FREQ=WEEKLY;INTERVAL=3;WKST=MO;BYDAY=SU",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=MONTHLY;BYDAY=2TU",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYMONTHDAY=2,15",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=MONTHLY;INTERVAL=18;BYMONTHDAY=10,11,12",
        "FREQ=YEARLY;BYMONTH=6,7",
        "FREQ=YEARLY;INTERVAL=3;BYYEARDAY=1,100,200",
        "FREQ=YEARLY;BYDAY=20MO",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1",
        "FREQ=HOURLY;INTERVAL=7",
        "FREQ=HOURLY;BYDAY=SA,SU;BYMINUTE=5,35",
        "FREQ=MINUTELY;INTERVAL=90",
        "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16",
        "FREQ=DAILY;COUNT=10",
        "FREQ=WEEKLY;COUNT=150;BYDAY=TU,TH",
        "FREQ=DAILY;UNTIL=20270105T090000",
        "FREQ=WEEKLY;BYDAY=TU;UNTIL=20270309T090000",
      })
  void agreesWithAnotherLibrary(String rule) {
    // Every rule has this Friday: recurrences that lack their start are left open by RFC 5545.
    LocalDateTime start = LocalDateTime.parse("2026-02-13T09:05:30");
    LocalDateTime until = LocalDateTime.parse("2066-01-01T00:00:00");
    List<String> expected =
        new Recur<LocalDateTime>(rule)
            .getDates(start, start, until, COMPARED).stream()
                .map(local -> local.toInstant(ZoneOffset.UTC).toString())
                .toList();
    String text = "rrule(" + rule + ")";
    Context context = in(text, "UTC").countedFrom(start).endingAt(until.toInstant(ZoneOffset.UTC));

    assertThat(expected).isNotEmpty();
    assertThat(next(text, context, "2026-02-13T09:05:29Z", COMPARED)).isEqualTo(expected);
    // From the middle it is the same rule.
    int middle = expected.size() / 2;
    assertThat(next(text, context, expected.get(middle), COMPARED - middle - 1))
        .isEqualTo(expected.subList(middle + 1, expected.size()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29                         : 2096 2104 2108",
        "RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=OMIT                      : 2096 2104 2108",
        "RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=FORWARD                   : 2096 2097-03-01 2098-03-01",
        "RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=BACKWARD                  : 2096 2097-02-28 2098-02-28",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1                         : 2096 2097-02-28 2098-02-28",
      })
  void leapDaysFollowTheRule(String row) {
    String text = "rrule(" + row.substring(0, row.indexOf(' ')) + ")";
    Context context = in(text, "UTC").countedFrom(LocalDateTime.parse("2024-02-29T09:00:00"));
    List<String> expected =
        List.of(row.substring(row.indexOf(':') + 2).split(" ")).stream()
            .map(date -> (date.length() == 4 ? date + "-02-29" : date) + "T09:00:00Z")
            .toList();

    assertThat(next(text, context, "2095-12-31T00:00:00Z", 3)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // RFC 7529, section 7.
        "FREQ=MONTHLY;SKIP=OMIT     | 2014-01-31 | 2014-01-31 2014-03-31 2014-05-31 2014-07-31",
        "FREQ=MONTHLY;SKIP=BACKWARD | 2014-01-31 | 2014-01-31 2014-02-28 2014-03-31 2014-04-30",
        "FREQ=MONTHLY;SKIP=FORWARD  | 2014-01-31 | 2014-01-31 2014-03-01 2014-03-31 2014-05-01",
        // What lib-recur 0.17.1 answers wrongly or not at all.
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;SKIP=FORWARD  | 2024-02-29 | 2024-02-29 2025-03-01 2026-03-01 2027-03-01",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;SKIP=FORWARD  | 2024-02-01 | 2024-03-01 2025-03-01 2026-03-01 2027-03-01",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31;SKIP=BACKWARD | 2024-02-01 | 2024-02-29 2025-02-28 2026-02-28 2027-02-28",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=29;SKIP=FORWARD | 2024-02-29 | 2024-02-29 2025-03-01 2026-03-01 2027-03-01",
        // 30 and 31 February are one date; 1 May is one of two months.
        "FREQ=MONTHLY;BYMONTHDAY=30,31;SKIP=FORWARD;COUNT=3 | 2026-02-01 | 2026-03-01 2026-03-30 2026-03-31",
        "FREQ=MONTHLY;BYMONTHDAY=1,31;SKIP=FORWARD;COUNT=4  | 2026-03-31 | 2026-03-31 2026-04-01 2026-05-01 2026-05-31",
        // The weekday is that of the date which it became.
        "FREQ=MONTHLY;BYMONTHDAY=31;BYDAY=FR;SKIP=FORWARD | 2026-01-01 | 2026-05-01 2026-07-31 2027-10-01 2027-12-31",
        // Days that no month lacks are left alone.
        "FREQ=MONTHLY;BYDAY=5MO;SKIP=FORWARD     | 2026-01-01 | 2026-03-30 2026-06-29 2026-08-31 2026-11-30",
        "FREQ=DAILY;BYMONTHDAY=31;SKIP=FORWARD   | 2026-01-01 | 2026-01-31 2026-03-31 2026-05-31 2026-07-31",
        "FREQ=WEEKLY;BYMONTH=2;SKIP=BACKWARD     | 2026-02-21 | 2026-02-21 2026-02-28 2027-02-06 2027-02-13",
      })
  void skipMovesTheDaysThatAMonthLacks(String rule, LocalDate start, String dates) {
    String text = "rrule(RSCALE=GREGORIAN;" + rule + ")";
    Context context = in(text, "UTC").countedFrom(start.atTime(9, 0));

    assertThat(next(text, context, start + "T00:00:00Z", 4))
        .isEqualTo(Stream.of(dates.split(" ")).map(date -> date + "T09:00:00Z").toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // All months, not only the start's.
        "FREQ=YEARLY;BYMONTHDAY=10            | 2026-11-01 | 2026-11-10 2026-12-10 2027-01-10",
        // The third Tuesday of January and April, not the third from the start.
        "FREQ=YEARLY;BYMONTH=1,4;BYDAY=TU;BYSETPOS=3 | 2027-04-01 | 2028-01-18 2029-01-16 2030-01-15",
        // The first day of a leap year only.
        "FREQ=YEARLY;BYYEARDAY=-366;BYDAY=TH,SA | 2026-01-01 | 2028-01-01 2032-01-01 2056-01-01",
        "FREQ=MONTHLY;BYMONTHDAY=1;BYSECOND=0,60 | 2026-01-01 | 2026-01-01 2026-02-01 2026-03-01",
        "FREQ=MINUTELY;BYMONTH=11;BYMONTHDAY=1;BYHOUR=9;BYMINUTE=0;COUNT=3 | 2026-01-01 | 2026-11-01 2027-11-01 2028-11-01",
      })
  void aRuleIsReadAsTheRfcMeansIt(String rule, LocalDate start, String dates) {
    String text = "rrule(" + rule + ")";
    Context context = in(text, "UTC").countedFrom(start.atTime(9, 0));

    assertThat(next(text, context, start + "T00:00:00Z", 3))
        .isEqualTo(Stream.of(dates.split(" ")).map(date -> date + "T09:00:00Z").toList());
  }

  @Test
  void recursOnTheWallClock() {
    String text = "rrule(FREQ=DAILY)";
    Context context =
        in(text, "America/New_York").countedFrom(LocalDateTime.parse("2026-03-07T02:30:00"));

    assertThat(next(text, context, "2026-03-07T00:00:00Z", 3))
        .as("RFC 5545: an instance in a gap is ignored")
        .containsExactly("2026-03-07T07:30:00Z", "2026-03-09T06:30:00Z", "2026-03-10T06:30:00Z");
    assertThat(next(text, context.with(GapPolicy.SHIFT_FORWARD, null), "2026-03-08T00:00:00Z", 2))
        .containsExactly("2026-03-08T07:30:00Z", "2026-03-09T06:30:00Z");
    assertThat(
            next(
                "rrule(FREQ=HOURLY)",
                context.with(null, OverlapPolicy.BOTH),
                "2026-11-01T05:00:00Z",
                3))
        .containsExactly("2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z", "2026-11-01T07:30:00Z");
  }

  @Test
  void untilInUtcIsAnInstantAndIsKept() {
    String text = "rrule(FREQ=DAILY;UNTIL=20260103T080000Z)";
    Context context =
        in(text, "Europe/Paris").countedFrom(LocalDateTime.parse("2026-01-01T09:00:00"));

    assertThat(next(text, context, "2025-12-01T00:00:00Z", 9))
        .containsExactly("2026-01-01T08:00:00Z", "2026-01-02T08:00:00Z", "2026-01-03T08:00:00Z");
    String day = "rrule(FREQ=DAILY;UNTIL=20260102)";
    assertThat(next(day, context, "2025-12-01T00:00:00Z", 9))
        .containsExactly("2026-01-01T08:00:00Z", "2026-01-02T08:00:00Z");
  }

  @Test
  void theStartOfAScheduleIsItsFirstLocalTime() {
    String text = "rrule(FREQ=WEEKLY)";
    Context context = in(text, "Europe/Paris").startingAt(Instant.parse("2026-01-05T08:00:00.5Z"));

    assertThat(next(text, context, "2026-01-06T00:00:00Z", 1))
        .containsExactly("2026-01-12T08:00:00Z");
    assertThat(never(text, in(text, "UTC"), "2026-01-01T00:00:00Z")).contains("dtstart");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rrule(FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30)",
        "rrule(FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31)",
        "rrule(FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30)",
        "rrule(FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30)",
        "rrule(FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30)",
        "rrule(FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30)",
        "rrule(FREQ=HOURLY;INTERVAL=24;BYHOUR=3)",
        "rrule(FREQ=SECONDLY;INTERVAL=60;BYSECOND=7)",
        "rrule(FREQ=SECONDLY;INTERVAL=10000;BYMONTH=2;BYMONTHDAY=30;COUNT=100000)",
        "rrule(FREQ=YEARLY;INTERVAL=10000)",
      })
  void aRuleThatNeverMatchesEnds(String text) {
    Context context =
        in(text, "America/New_York").countedFrom(LocalDateTime.parse("2020-01-01T09:00:00"));
    long start = System.nanoTime();

    assertThat(never(text, context, "2026-01-01T00:00:00Z")).startsWith("The rule has no");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void aRuleThatSleepsForMonthsIsFoundAgain() {
    LocalDateTime start = LocalDateTime.parse("2020-01-01T09:00:00");
    for (String text :
        List.of(
            "rrule(FREQ=SECONDLY;BYMONTH=1)",
            "rrule(FREQ=MINUTELY;BYYEARDAY=1)",
            "rrule(FREQ=HOURLY;BYMONTH=1;BYMONTHDAY=1)")) {
      assertThat(next(text, in(text, "UTC").countedFrom(start), "2026-02-01T00:00:00Z", 1))
          .as(text)
          .containsExactly("2027-01-01T00:00:00Z");
    }
    String leap = "rrule(FREQ=MINUTELY;INTERVAL=7;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO)";
    assertThat(next(leap, in(leap, "UTC").countedFrom(start), "2026-02-01T00:00:00Z", 1))
        .singleElement()
        .asString()
        .startsWith("2044-02-29T00:0");
  }

  @Test
  void aStartLongAgoCostsLittle() {
    String text = "rrule(FREQ=SECONDLY;INTERVAL=30)";
    Context context = in(text, "UTC").countedFrom(LocalDateTime.parse("1970-01-01T00:00:15"));

    assertThat(next(text, context, "2026-01-01T00:00:00Z", 2))
        .containsExactly("2026-01-01T00:00:15Z", "2026-01-01T00:00:45Z");
  }
}
