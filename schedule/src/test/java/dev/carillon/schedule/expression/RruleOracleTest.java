package dev.carillon.schedule.expression;

import static dev.carillon.schedule.expression.Expressions.expression;
import static dev.carillon.schedule.expression.Expressions.in;
import static dev.carillon.schedule.expression.Expressions.instants;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random rules against brute force, and against nothing but what must hold of every rule. */
class RruleOracleTest {

  private static final int RULES = 1_000;
  private static final int ANY_RULES = 2_000;
  private static final int COMPARED = 60;
  private static final int END_YEAR = 2060;
  private static final Instant END = Instant.parse(END_YEAR + "-01-01T00:00:00Z").minusSeconds(1);

  @ParameterizedTest
  @EnumSource(RruleSkip.class)
  void aRuleOfDaysThatMonthsMayLackAgreesWithBruteForce(RruleSkip skip) {
    RandomRrule random = new RandomRrule(7_529);
    int compared = 0;
    for (int i = 0; i < RULES; i++) {
      compared += compare(random.ofMissingDays(skip.name()), random.start());
    }

    assertThat(compared).as("The sweep must have met what it is for").isGreaterThan(25_000);
  }

  @Test
  void anyRuleOfMonthsOrYearsAgreesWithBruteForce() {
    RandomRrule random = new RandomRrule(5_545);
    int compared = 0;
    for (int i = 0; i < RULES; i++) {
      compared += compare(random.ofMonths(), random.start());
    }

    assertThat(compared).isGreaterThan(25_000);
  }

  private static int compare(String rule, LocalDateTime start) {
    String text = "rrule(" + rule + ")";
    Context context = in(text, "UTC").countedFrom(start).endingAt(END);
    Instant before = start.toInstant(ZoneOffset.UTC).minusSeconds(1);
    List<Instant> expected =
        new RruleWalk(rule, start)
            .instances(END_YEAR).stream()
                .limit(COMPARED)
                .map(local -> local.toInstant(ZoneOffset.UTC))
                .toList();

    assertThat(instants(expression(text), context, before, COMPARED))
        .as("%s from %s", text, start)
        .isEqualTo(expected);
    return expected.size();
  }

  @Test
  void noRuleThrowsOrComesOutOfOrderOrIsSearchedForLong() {
    RandomRrule random = new RandomRrule(20_260);
    int firings = 0;
    int invalid = 0;
    for (int i = 0; i < ANY_RULES; i++) {
      String text = "rrule(" + random.any() + ")";
      LocalDateTime start = random.start();
      if (Expression.parse(text) instanceof Parsed.Invalid) {
        invalid++;
      } else {
        firings += twenty(text, start);
      }
    }

    assertThat(firings).isGreaterThan(ANY_RULES * 10);
    assertThat(invalid).isLessThan(ANY_RULES / 4);
  }

  private static int twenty(String text, LocalDateTime start) {
    Context context = in(text, "Europe/Paris").countedFrom(start);
    Instant after = Instant.parse("2000-01-01T00:00:00Z");
    for (int i = 0; i < 20; i++) {
      long began = System.nanoTime();
      Firing next = expression(text).next(context, after);
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .as(text)
          .isLessThan(Duration.ofSeconds(20));
      if (!(next instanceof Firing.At(var occurrence))) {
        return i;
      }
      assertThat(occurrence.instant()).as("%s from %s", text, start).isAfter(after);
      after = occurrence.instant();
    }
    return 20;
  }

  @Test
  void theHelpersOfTheLibraryAreNoPartsOfARule() {
    for (String part : List.of("_BYDAY_FILTER=MO", "_SANITY_FILTER=1", "_BYMONTHSKIP=1")) {
      assertThatCode(() -> Expression.parse("rrule(FREQ=DAILY;" + part + ")"))
          .doesNotThrowAnyException();
      assertThat(Expression.parse("rrule(FREQ=DAILY;" + part + ")"))
          .isInstanceOfSatisfying(
              Parsed.Invalid.class, invalid -> assertThat(invalid.column()).isEqualTo(18));
    }
  }
}
