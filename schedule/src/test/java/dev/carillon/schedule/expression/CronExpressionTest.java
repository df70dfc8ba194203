package dev.carillon.schedule.expression;

import static dev.carillon.schedule.expression.Expressions.expression;
import static dev.carillon.schedule.expression.Expressions.in;
import static dev.carillon.schedule.expression.Expressions.instants;
import static dev.carillon.schedule.expression.Expressions.never;
import static dev.carillon.schedule.expression.Expressions.next;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.time.GapPolicy;
import dev.carillon.time.OverlapPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronExpressionTest {

  private static final String NEW_YORK = "America/New_York";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cron(0 9 L * ? *)       | Europe/Paris | 2026-01-01T00:00:00Z | 2026-01-31T08:00:00Z | 2026-02-28T08:00:00Z | 2026-03-31T07:00:00Z",
        "cron(0 0 31W * ? *)     | UTC          | 2026-05-01T00:00:00Z | 2026-05-29T00:00:00Z | 2026-07-31T00:00:00Z | 2026-08-31T00:00:00Z",
        "cron(0 0 1W * ? *)      | UTC          | 2026-07-31T00:00:00Z | 2026-08-03T00:00:00Z | 2026-09-01T00:00:00Z | 2026-10-01T00:00:00Z",
        "cron(0 0 LW * ? *)      | UTC          | 2026-05-01T00:00:00Z | 2026-05-29T00:00:00Z | 2026-06-30T00:00:00Z | 2026-07-31T00:00:00Z",
        "cron(0 0 ? * FRIL *)    | UTC          | 2026-01-01T00:00:00Z | 2026-01-30T00:00:00Z | 2026-02-27T00:00:00Z | 2026-03-27T00:00:00Z",
        "cron(0 0 ? * L *)       | UTC          | 2026-01-01T00:00:00Z | 2026-01-03T00:00:00Z | 2026-01-10T00:00:00Z | 2026-01-17T00:00:00Z",
        "cron(0 0 ? * 3#2 *)     | UTC          | 2026-01-01T00:00:00Z | 2026-01-13T00:00:00Z | 2026-02-10T00:00:00Z | 2026-03-10T00:00:00Z",
        "cron(0 0 ? * SUN#5 *)   | UTC          | 2026-01-01T00:00:00Z | 2026-03-29T00:00:00Z | 2026-05-31T00:00:00Z | 2026-08-30T00:00:00Z",
        "cron(0 0 ? 2 MON#5 *)   | UTC          | 2026-01-01T00:00:00Z | 2044-02-29T00:00:00Z | 2072-02-29T00:00:00Z | 2112-02-29T00:00:00Z",
        "cron(0 0 29 2 ? *)      | UTC          | 2092-03-01T00:00:00Z | 2096-02-29T00:00:00Z | 2104-02-29T00:00:00Z | 2108-02-29T00:00:00Z",
        "cron(0/30 20-2 ? * MON-FRI *) | UTC    | 2026-01-05T02:00:00Z | 2026-01-05T02:30:00Z | 2026-01-05T20:00:00Z | 2026-01-05T20:30:00Z",
        "cron(0/30 20-2 ? * MON-FRI *) | UTC    | 2026-01-09T23:00:00Z | 2026-01-09T23:30:00Z | 2026-01-12T00:00:00Z | 2026-01-12T00:30:00Z",
        "cron(0 0 1 NOV-FEB ? *) | UTC          | 2026-01-15T00:00:00Z | 2026-02-01T00:00:00Z | 2026-11-01T00:00:00Z | 2026-12-01T00:00:00Z",
        "cron(0 0 ? * FRI-MON *) | UTC          | 2026-01-04T00:00:00Z | 2026-01-05T00:00:00Z | 2026-01-09T00:00:00Z | 2026-01-10T00:00:00Z",
        "cron(0 22-4/2 1 1 ? *)  | UTC          | 2026-01-01T00:00:00Z | 2026-01-01T02:00:00Z | 2026-01-01T04:00:00Z | 2026-01-01T22:00:00Z",
        "cron(5/20 0 1 1 ? *)    | UTC          | 2026-01-01T00:05:00Z | 2026-01-01T00:25:00Z | 2026-01-01T00:45:00Z | 2027-01-01T00:05:00Z",
        "cron(0 0 1 MAR/4 ? *)   | UTC          | 2026-01-01T00:00:00Z | 2026-03-01T00:00:00Z | 2026-07-01T00:00:00Z | 2026-11-01T00:00:00Z",
        "cron(0 0 1 1 ? 2021/20) | UTC          | 2026-01-01T00:00:00Z | 2041-01-01T00:00:00Z | 2061-01-01T00:00:00Z | 2081-01-01T00:00:00Z",
      })
  void comesNext(
      String text, String zone, String after, String first, String second, String third) {
    assertThat(next(text, in(text, zone), after, 3)).containsExactly(first, second, third);
  }

  @Test
  void isStrictlyAfter() {
    String text = "cron(0 9 * * ? *)";
    Context utc = in(text, "UTC");

    assertThat(next(text, utc, "2026-01-01T09:00:00Z", 1)).containsExactly("2026-01-02T09:00:00Z");
    assertThat(next(text, utc, "2026-01-01T08:59:59.999999999Z", 1))
        .containsExactly("2026-01-01T09:00:00Z");
    assertThat(next(text, utc, "2026-01-01T09:00:00.000000001Z", 1))
        .containsExactly("2026-01-02T09:00:00Z");
  }

  @Nested
  class InAGap {

    private final String text = "cron(30 2 * * ? *)";

    @Test
    void skipHasNoneThatDay() {
      assertThat(next(text, in(text, NEW_YORK), "2026-03-07T12:00:00Z", 1))
          .containsExactly("2026-03-09T06:30:00Z");
    }

    @Test
    void shiftForwardMovesByTheGap() {
      Context context = in(text, NEW_YORK).with(GapPolicy.SHIFT_FORWARD, null);
      assertThat(next(text, context, "2026-03-07T12:00:00Z", 2))
          .containsExactly("2026-03-08T07:30:00Z", "2026-03-09T06:30:00Z");
    }

    @Test
    void endOfGapIsTheFirstInstantAfterIt() {
      Context context = in(text, NEW_YORK).with(GapPolicy.END_OF_GAP, null);
      assertThat(next(text, context, "2026-03-07T12:00:00Z", 2))
          .containsExactly("2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z");
    }

    @Test
    void movedTimesAreOneFiringWithThoseThatTheClocksShow() {
      String halves = "cron(0/30 1-3 * * ? *)";
      Context context = in(halves, NEW_YORK).with(GapPolicy.SHIFT_FORWARD, null);
      assertThat(next(halves, context, "2026-03-08T05:59:00Z", 4))
          .containsExactly(
              "2026-03-08T06:00:00Z",
              "2026-03-08T06:30:00Z",
              "2026-03-08T07:00:00Z",
              "2026-03-08T07:30:00Z");
      Firing third = expression(halves).next(context, Instant.parse("2026-03-08T06:30:00Z"));
      assertThat(third)
          .isInstanceOfSatisfying(
              Firing.At.class,
              at -> assertThat(at.occurrence().local()).isEqualTo("2026-03-08T03:00"));
    }

    @ParameterizedTest
    @CsvSource({
      "America/Santiago,    2026-09-05T12:00:00Z, 2026-09-07T03:00:00Z, 2026-09-06T04:00:00Z",
      "Africa/Cairo,        2026-04-23T12:00:00Z, 2026-04-24T21:00:00Z, 2026-04-23T22:00:00Z",
      "Pacific/Apia,        2011-12-29T12:00:00Z, 2011-12-30T10:00:00Z, 2011-12-30T10:00:00Z",
    })
    void midnightIsNotLostWhereItIsMoved(String zone, String after, String skipped, String moved) {
      String midnight = "cron(0 0 * * ? *)";
      assertThat(next(midnight, in(midnight, zone), after, 1)).containsExactly(skipped);
      for (GapPolicy gap : Set.of(GapPolicy.SHIFT_FORWARD, GapPolicy.END_OF_GAP)) {
        assertThat(next(midnight, in(midnight, zone).with(gap, null), after, 1))
            .containsExactly(moved);
      }
    }

    @Test
    void aYearWithoutTheOnlyDayIsSkippedOrMoved() {
      String text = "cron(0 9 30 12 ? *)";
      Context apia = in(text, "Pacific/Apia");
      String after = "2011-01-01T00:00:00Z";
      assertThat(next(text, apia, after, 1)).containsExactly("2012-12-29T19:00:00Z");
      assertThat(next(text, apia.with(GapPolicy.SHIFT_FORWARD, null), after, 1))
          .containsExactly("2011-12-30T19:00:00Z");
      assertThat(next(text, apia.with(GapPolicy.END_OF_GAP, null), after, 1))
          .containsExactly("2011-12-30T10:00:00Z");
    }
  }

  @Nested
  class InAnOverlap {

    private final String text = "cron(0/30 * * * ? *)";

    private List<String> around(OverlapPolicy overlap) {
      return next(text, in(text, NEW_YORK).with(null, overlap), "2026-11-01T04:30:00Z", 5);
    }

    @Test
    void firstFiresBeforeTheClocksGoBack() {
      assertThat(around(OverlapPolicy.FIRST))
          .containsExactly(
              "2026-11-01T05:00:00Z",
              "2026-11-01T05:30:00Z",
              "2026-11-01T07:00:00Z",
              "2026-11-01T07:30:00Z",
              "2026-11-01T08:00:00Z");
    }

    @Test
    void secondFiresAfterIt() {
      assertThat(around(OverlapPolicy.SECOND))
          .containsExactly(
              "2026-11-01T06:00:00Z",
              "2026-11-01T06:30:00Z",
              "2026-11-01T07:00:00Z",
              "2026-11-01T07:30:00Z",
              "2026-11-01T08:00:00Z");
    }

    @Test
    void bothFireTwice() {
      assertThat(around(OverlapPolicy.BOTH))
          .containsExactly(
              "2026-11-01T05:00:00Z",
              "2026-11-01T05:30:00Z",
              "2026-11-01T06:00:00Z",
              "2026-11-01T06:30:00Z",
              "2026-11-01T07:00:00Z");
    }

    @Test
    void halfAnHourComesTwiceOnLordHowe() {
      String text = "cron(0/15 1-2 5 4 ? 2026)";
      Context context = in(text, "Australia/Lord_Howe").with(null, OverlapPolicy.BOTH);
      assertThat(next(text, context, "2026-01-01T00:00:00Z", 20)).hasSize(10);
      Context once = context.with(null, OverlapPolicy.SECOND);
      assertThat(next(text, once, "2026-01-01T00:00:00Z", 20))
          .startsWith("2026-04-04T14:00:00Z", "2026-04-04T14:15:00Z", "2026-04-04T15:00:00Z")
          .hasSize(8);
    }
  }

  @Nested
  class WithinBounds {

    private final String text = "cron(0 9 * * ? *)";

    @Test
    void startAndEndBothCount() {
      Context context =
          in(text, "UTC")
              .startingAt(Instant.parse("2026-01-02T09:00:00Z"))
              .endingAt(Instant.parse("2026-01-03T09:00:00Z"));
      assertThat(next(text, context, "2025-01-01T00:00:00Z", 5))
          .containsExactly("2026-01-02T09:00:00Z", "2026-01-03T09:00:00Z");
      assertThat(never(text, context, "2026-01-03T09:00:00Z"))
          .isEqualTo("The schedule ends at 2026-01-03T09:00:00Z.");
    }

    @Test
    void excludedDatesAreLocal() {
      Context context =
          in(text, "Pacific/Auckland")
              .without(Set.of(LocalDate.of(2026, 1, 2), LocalDate.of(2026, 1, 3)));
      assertThat(next(text, context, "2025-12-31T00:00:00Z", 2))
          .containsExactly("2025-12-31T20:00:00Z", "2026-01-03T20:00:00Z");
    }

    @Test
    void everyDateMayBeExcluded() {
      String text = "cron(0 9 1 1 ? 2027-2028)";
      Context context =
          in(text, "UTC").without(Set.of(LocalDate.of(2027, 1, 1), LocalDate.of(2028, 1, 1)));
      assertThat(never(text, context, "2026-01-01T00:00:00Z")).contains("2199");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cron(0 0 31 2 ? *)",
        "cron(0 0 30,31 2 ? *)",
        "cron(0 0 31 4,6,9,11 ? *)",
        "cron(15 10 ? * 6L 2002-2005)",
        "cron(0 0 ? 2 MON#5 2027)",
        "cron(0 0 29 2 ? 2100)"
      })
  void neverComesAndSaysSo(String text) {
    Context context = in(text, NEW_YORK);
    Instant after = Instant.parse("2026-01-01T00:00:00Z");
    long start = System.nanoTime();
    for (int i = 0; i < 1_000; i++) {
      assertThat(expression(text).next(context, after)).isInstanceOf(Firing.Never.class);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void everyYearFrom1970To2199IsSweptWithoutAnException() {
    for (String zone : List.of("UTC", "Europe/Paris", NEW_YORK, "Pacific/Apia", "Africa/Cairo")) {
      count("cron(0 9 L * ? *)", zone, 230 * 12);
      count("cron(0 9 LW * ? *)", zone, 230 * 12);
      count("cron(0 9 15W * ? *)", zone, 230 * 12);
      count("cron(0 9 ? * TUE#2 *)", zone, 230 * 12);
      count("cron(0 9 29 2 ? *)", zone, 56);
      count("cron(0 9 1 1 ? *)", zone, 230);
    }
    count("cron(0 9 ? * MON-FRI *)", "UTC", 60_004);
    count("cron(0 9 * * ? *)", "UTC", 84_006);
  }

  private static void count(String text, String zone, int expected) {
    Context context = in(text, zone).with(GapPolicy.SHIFT_FORWARD, null);
    List<Instant> all =
        instants(expression(text), context, Instant.parse("-1000000-01-01T00:00:00Z"), 1_000_000);
    assertThat(all).as("%s in %s", text, zone).hasSize(expected).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void nothingComesFromTheEndsOfTime() {
    String text = "cron(* * ? * * *)";
    assertThat(never(text, in(text, NEW_YORK), Instant.MAX.toString())).contains("9999");
    assertThat(next(text, in(text, NEW_YORK), Instant.MIN.toString(), 1))
        .containsExactly("1970-01-01T05:00:00Z");
  }
}
