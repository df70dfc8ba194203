package dev.carillon.schedule.expression;

import static dev.carillon.schedule.expression.Expressions.in;
import static dev.carillon.schedule.expression.Expressions.never;
import static dev.carillon.schedule.expression.Expressions.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.time.GapPolicy;
import dev.carillon.time.OverlapPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code rate}, {@code at} and {@code yearly}. */
class OtherExpressionsTest {

  @Nested
  class Rate {

    @Test
    void isCountedFromItsStartWhichFires() {
      String text = "rate(90 seconds)";
      Context context = in(text, "UTC").startingAt(Instant.parse("2026-01-01T00:00:10Z"));

      assertThat(next(text, context, "2025-01-01T00:00:00Z", 2))
          .containsExactly("2026-01-01T00:00:10Z", "2026-01-01T00:01:40Z");
      assertThat(next(text, context, "2026-01-01T00:00:10Z", 1))
          .containsExactly("2026-01-01T00:01:40Z");
      assertThat(next(text, context, "2026-06-01T00:00:10.5Z", 1))
          .containsExactly("2026-06-01T00:01:40Z");
    }

    @Test
    void isElapsedTimeWhateverTheClocksDo() {
      String text = "rate(1 day)";
      Context context = in(text, "Europe/Paris").startingAt(Instant.parse("2026-03-28T08:00:00Z"));

      assertThat(next(text, context, "2026-03-28T08:00:00Z", 2))
          .containsExactly("2026-03-29T08:00:00Z", "2026-03-30T08:00:00Z");
    }

    @Test
    void isCountedFromALocalTimeToo() {
      String text = "rate(2 hours)";
      Context context =
          in(text, "Europe/Paris").countedFrom(LocalDateTime.parse("2026-03-29T02:30"));

      assertThat(next(text, context, "2026-03-29T00:00:00Z", 2))
          .containsExactly("2026-03-29T01:30:00Z", "2026-03-29T03:30:00Z");
    }

    @Test
    void withoutAStartThereIsNothingToCountFrom() {
      assertThat(never("rate(1 day)", in("rate(1 day)", "UTC"), "2026-01-01T00:00:00Z"))
          .contains("start");
    }

    @Test
    void excludedDatesAreThoseOfTheZone() {
      String text = "rate(1 minute)";
      Context context =
          in(text, "Asia/Tokyo")
              .startingAt(Instant.parse("2026-01-01T00:00:30Z"))
              .without(Set.of(LocalDate.of(2026, 1, 2), LocalDate.of(2026, 1, 3)));

      assertThat(next(text, context, "2026-01-01T14:58:30Z", 2))
          .containsExactly("2026-01-01T14:59:30Z", "2026-01-03T15:00:30Z");
    }

    @Test
    void aDayThatComesTwiceIsExcludedTwice() {
      // Kwajalein crossed the date line in 1969 the other way: 30 September came twice.
      String text = "rate(1 hour)";
      Context context =
          in(text, "Pacific/Kwajalein")
              .startingAt(Instant.parse("1969-09-29T00:00:00Z"))
              .without(Set.of(LocalDate.of(1969, 9, 30)));

      String first = next(text, context, "1969-09-29T14:00:00Z", 1).getFirst();
      assertThat(first).isEqualTo("1969-10-01T12:00:00Z");
    }

    @Test
    void endsAtItsEnd() {
      String text = "rate(5 minutes)";
      Context context =
          in(text, "UTC")
              .startingAt(Instant.parse("2026-01-01T00:00:00Z"))
              .endingAt(Instant.parse("2026-01-01T00:05:00Z"));

      assertThat(next(text, context, "2026-01-01T00:00:00Z", 9))
          .containsExactly("2026-01-01T00:05:00Z");
      assertThat(never(text, context, "2026-01-01T00:05:00Z")).contains("ends at");
      assertThat(never("rate(9999999 days)", context, Instant.MAX.toString())).contains("ends at");
    }

    @Test
    void aPeriodIsOfWholeSeconds() {
      assertThatThrownBy(() -> new RateExpression("rate(0.5 seconds)", Duration.ofMillis(1500)))
          .hasMessageContaining("whole seconds");
    }
  }

  @Nested
  class At {

    @Test
    void comesOnce() {
      String text = "at(2026-07-01T09:00:30)";
      Context context = in(text, "Europe/Paris").endingAt(Instant.parse("2020-01-01T00:00:00Z"));

      assertThat(next(text, context, "2026-01-01T00:00:00Z", 5))
          .as("start and end do not bound it")
          .containsExactly("2026-07-01T07:00:30Z");
      assertThat(never(text, context, "2026-07-01T07:00:30Z")).contains("is past");
    }

    @Test
    void inAGapIsMovedUnlessSomeoneSaysOtherwise() {
      String text = "at(2026-03-29T02:30:00)";
      Context context = in(text, "Europe/Paris");

      assertThat(next(text, context, "2026-01-01T00:00:00Z", 5))
          .containsExactly("2026-03-29T01:30:00Z");
      assertThat(never(text, context.with(GapPolicy.SKIP, null), "2026-01-01T00:00:00Z"))
          .contains("skipped");
    }

    @Test
    void inAnOverlapComesOnceOrTwice() {
      String text = "at(2026-10-25T02:30:00)";
      Context context = in(text, "Europe/Paris");

      assertThat(next(text, context, "2026-01-01T00:00:00Z", 5))
          .containsExactly("2026-10-25T00:30:00Z");
      assertThat(next(text, context.with(null, OverlapPolicy.BOTH), "2026-01-01T00:00:00Z", 5))
          .containsExactly("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z");
    }
  }

  @Nested
  class Yearly {

    @ParameterizedTest
    @CsvSource({
      "yearly(02-29 09:00),           2095-02-28T09:00:00Z, 2096-02-29T09:00:00Z, 2097-02-28T09:00:00Z",
      "yearly(02-29 09:00 FEB_28),    2095-02-28T09:00:00Z, 2096-02-29T09:00:00Z, 2097-02-28T09:00:00Z",
      "yearly(02-29 09:00 MAR_1),     2095-03-01T09:00:00Z, 2096-02-29T09:00:00Z, 2097-03-01T09:00:00Z",
      "yearly(02-29 09:00 LEAP_ONLY), 2096-02-29T09:00:00Z, 2104-02-29T09:00:00Z, 2108-02-29T09:00:00Z",
      "yearly(12-31 23:59),           2095-12-31T23:59:00Z, 2096-12-31T23:59:00Z, 2097-12-31T23:59:00Z",
    })
    void comesOnceAYear(String text, String first, String second, String third) {
      assertThat(next(text, in(text, "UTC"), "2095-01-01T00:00:00Z", 3))
          .containsExactly(first, second, third);
    }

    @Test
    void aSkippedDayIsMovedUnlessSomeoneSaysOtherwise() {
      String text = "yearly(12-30 09:00)";
      Context apia = in(text, "Pacific/Apia");

      assertThat(next(text, apia, "2011-01-01T00:00:00Z", 1))
          .containsExactly("2011-12-30T19:00:00Z");
      assertThat(next(text, apia.with(GapPolicy.SKIP, null), "2011-01-01T00:00:00Z", 1))
          .containsExactly("2012-12-29T19:00:00Z");
    }

    @Test
    void theLastYearIs9999() {
      String text = "yearly(12-31 23:00)";

      assertThat(next(text, in(text, "UTC"), "9998-12-31T23:00:00Z", 5))
          .containsExactly("9999-12-31T23:00:00Z");
      assertThat(never(text, in(text, "America/New_York"), "9999-01-02T00:00:00Z"))
          .contains("9999");
    }
  }
}
