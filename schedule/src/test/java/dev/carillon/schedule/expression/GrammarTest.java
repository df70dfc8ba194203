package dev.carillon.schedule.expression;

import static dev.carillon.schedule.expression.Expressions.expression;
import static dev.carillon.schedule.expression.Expressions.invalid;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrammarTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Recorded as accepted by AWS.
        "cron(0 2 ? * SAT *)",
        "cron(0 12 * * ? *)",
        "cron(5,35 14 * * ? *)",
        "cron(15 10 ? * 6L 2002-2005)",
        "cron(0 2 ? * SAT#3 *)",
        "cron(* * ? * SAT#3 *)",
        "cron(0/5 5 ? JAN 1-5 2022)",
        "cron(0/10 * ? * MON-FRI *)",
        "cron(0/30 20-23 ? * MON-FRI *)",
        "cron(0/30 0-2 ? * MON-FRI *)",
        "rate(1 minute)",
        "rate(1 hour)",
        "rate(1 day)",
        "rate(5 minutes)",
        "rate(10 days)",
        "at(2022-11-20T13:00:00)",
        // What AWS documents, and other readers of its grammar agree on.
        "cron(0/30 20-2 ? * MON-FRI *)",
        "cron(1/10 * * * ? *)",
        "cron(*/15 */3 */1 */2 ? 1970/5)",
        "cron(0-59/10 0-23/2 1-31/30 1-12/3 ? 1970-2199/3)",
        "cron(30-30 0 1 jan,Jul,DEC ? *)",
        "cron(0 18 31W * ? *)",
        "cron(0 18 LW * ? *)",
        "cron(0 18 L * ? *)",
        "cron(0 18 ? * L *)",
        "cron(0 18 ? * SATL *)",
        "cron(0 9 ? * 2#1 *)",
        "cron(0 1-7/2,11-23/2,10 * * ? *)",
        "cron(30 0 1 JAN-APR,JUL-OCT/2,DEC ? *)",
        "cron(0 9-5 ? NOV-FEB fri-mon *)",
        "cron(1,24,50-55,58 * 25 MAR/4 ? 2020,2021,2023,2028)",
        "cron(* 14 6/10 FEB-JUN,OCT ? 2021/20)",
        "cron(15/65 10 * * ? *)",
        "cron(0\t0  1 1   ? 2199)",
        "cron(0 07/12 ? * 01,5,7 2000-2199)",
        // Carillon's own.
        "rate(1 second)",
        "rate(90 seconds)",
        "yearly(12-24 18:00)",
        "yearly(02-29 09:00)",
        "yearly(02-29 09:00 LEAP_ONLY)",
        "rrule(FREQ=DAILY)",
        "rrule(freq=monthly;byday=-1fr)",
        "rrule(FREQ=DAILY;UNTIL=20261231T090000Z)",
        "rrule(FREQ=DAILY;UNTIL=20261231T090000)",
        "rrule(FREQ=DAILY;UNTIL=20261231)",
        "rrule(RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=FORWARD)",
        "rrule(rscale=gregorian;FREQ=YEARLY;BYWEEKNO=53;SKIP=omit)",
        "rrule(FREQ=DAILY;BYMONTHDAY=-31;SKIP=FORWARD;RSCALE=GREGORIAN)",
      })
  void theseAreExpressions(String text) {
    assertThat(expression(text).text()).isEqualTo(text);
    assertThat(expression(text)).isEqualTo(expression(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Recorded as rejected by AWS; but for rate(10 seconds), which Carillon has.
        "rate(10 years)",
        "rate(1 minutes)",
        "rate(1 hours)",
        "rate(1 days)",
        "rate(10 minute)",
        "rate(10 hour)",
        "rate(10 day)",
        "rate()",
        "rate(10)",
        "rate(10 minutess)",
        "rate(foo minutes)",
        "rate(0 minutes)",
        "rate(-10 minutes)",
        "rate(10 MINUTES)",
        "rate( 10 minutes )",
        " rate(10 minutes)",
        "cron(0 1 * * * *)",
        "cron(7 20 * * NOT *)",
        "cron(INVALID)",
        "cron(0 dummy ? * MON-FRI *)",
        "cron(71 8 1 * ? *)",
        // What other readers of the grammar agree on.
        "cron(0 18 ? * MON-FRI)",
        "cron(0 18 ? * ? *)",
        "cron(65/15 10 * * ? *)",
        "cron(0 24 * * ? *)",
        "cron(0 18 32W * ? *)",
        "cron(0 18 W * ? *)",
        "cron(0 18 0 * ? *)",
        "cron(0 18 3L * ? *)",
        "cron(0 18 L-31 * ? *)",
        "cron(0 18 L-3 * ? *)",
        "cron(0 18 1,15W * ? *)",
        "cron(0 18 1,L * ? *)",
        "cron(0 18 8-W * ? *)",
        "cron(10 10 31 04,09,13 ? *)",
        "cron(0 9 ? * 2#6 *)",
        "cron(0 9 ? * 2#0 *)",
        "cron(0 9 ? * 2# *)",
        "cron(0 9 ? * #2 *)",
        "cron(0 9 ? * 3#1,6#3 *)",
        "cron(0 9 ? * 5L,6 *)",
        "cron(0 9 ? * L-2 *)",
        "cron(0 9 ? * 8 *)",
        "cron(0 9 ? * 0 *)",
        "cron(0 9 ? * MONDAY *)",
        "cron(0 9 ? * */2 *)",
        "cron(0,5 07/12 ? * 1 2000-2200)",
        "cron(0 0 1 1 ? 1969)",
        "cron(0 0 1 1 ? 2030-2020)",
        "cron(0 0 ? 1 1 ?)",
        "cron(? 0 1 1 ? *)",
        "cron(0 1-7/2,11-23/2, * * ? *)",
        "cron(,1 0 * * ? *)",
        "cron(0/0 0 * * ? *)",
        "cron(*/ 0 * * ? *)",
        "cron(/5 0 * * ? *)",
        "cron(*-5 0 * * ? *)",
        "cron(5-* 0 * * ? *)",
        "cron(1-2-3 0 * * ? *)",
        "cron(1/2/3 0 * * ? *)",
        "cron(*,5 0 * * ? *)",
        "cron(-1 0 * * ? *)",
        "cron(001 0 * * ? *)",
        "cron(0 0 L * JANUARY *)",
        "cron(0 0 * * ? * *)",
        "cron( 0 0 * * ? *)",
        "cron(0 0 * * ? * )",
        "cron(0 0 * * ? *",
        "cron(0 0 * * ? *) ",
        "cron()",
        "CRON(0 0 * * ? *)",
        "0 0 * * ? *",
        "at(2022-11-20)",
        "at(2022-11-20T13:00:00Z)",
        "at(2022-11-20T13:00:00+01:00)",
        "at(2022-11-20T13:00)",
        "at(2022-02-29T13:00:00)",
        "at(2022-11-20T24:00:00)",
        "at(0000-11-20T12:00:00)",
        "yearly(02-30 09:00)",
        "yearly(13-01 09:00)",
        "yearly(2-9 09:00)",
        "yearly(02-28 24:00)",
        "yearly(02-28 9:00)",
        "yearly(02-28)",
        "yearly(02-29 09:00 feb_28)",
        "yearly(02-29 09:00 FEB_28 x)",
        "rrule()",
        "rrule(DAILY)",
        "rrule(FREQ=DAILY;)",
        "rrule(FREQ=FORTNIGHTLY)",
        "rrule(FREQ=DAILY;COUNT=0)",
        "rrule(FREQ=DAILY;COUNT=100001)",
        "rrule(FREQ=DAILY;COUNT=99999999999)",
        "rrule(FREQ=DAILY;INTERVAL=0)",
        "rrule(FREQ=DAILY;INTERVAL=10001)",
        "rrule(FREQ=DAILY;COUNT=2;UNTIL=20261231)",
        "rrule(FREQ=DAILY;UNTIL=20260231)",
        "rrule(FREQ=DAILY;UNTIL=)",
        "rrule(FREQ=DAILY;BYMONTH=13)",
        "rrule(FREQ=DAILY;BYDAY=2MO)",
        "rrule(FREQ=DAILY;FREQ=DAILY)",
        "rrule(FREQ=DAILY;BYEASTER=1)",
        "rrule(RSCALE=KLINGON;FREQ=YEARLY)",
        "rrule(BYMONTH=1)",
        "",
        "()",
        "rate",
        "rate)(",
        "cron(0 0 \u00e9 * ? *)",
        "cron(0 0 1 \u0131AN ? *)",
      })
  void theseAreNot(String text) {
    Parsed.Invalid invalid = invalid(text);

    assertThat(invalid.error()).startsWith("Invalid Schedule Expression " + text + ". ");
    assertThat(invalid.error()).endsWith(".").doesNotContain("null", "Exception");
    assertThat(invalid.column()).isBetween(1, Math.max(1, text.length()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "cron(71 8 1 * ? *)          |  6 | minutes: 71 is not allowed, but 0-59.",
        "cron(0 8 1 * ? 2200)        | 16 | year: 2200 is not allowed, but 1970-2199.",
        "cron(0 8 1 FOO ? *)         | 12 | month: FOO is not allowed, but 1-12 or JAN-DEC.",
        "cron(0 8 ? * MON-FRY *)     | 18 | day-of-week: FRY is not allowed, but 1-7 or SUN-SAT.",
        "cron(0 8 ? * MON,,FRI *)    | 18 | day-of-week: a value is missing, but 1-7 or SUN-SAT.",
        "cron(0 8,9/0 1 * ? *)       | 12 | hours: a step is a whole number from 1 to 9999.",
        "cron(0 8 ? * 2/2 *)         | 15 | day-of-week: / is not allowed, but , - * ? L #.",
        "cron(0 8 L-3 * ? *)         | 10 | day-of-month: L, LW and a day with W, as in 15W, stand alone.",
        "cron(0 8 ? * 3#1,6#3 *)     | 16 | day-of-week: after # comes one number from 1 to 5 and nothing else.",
        "cron(0 8 * * * *)           | 14 | Exactly one of day-of-month and day-of-week must be ?: neither is.",
        "cron(0 8 ? * ? *)           | 14 | Exactly one of day-of-month and day-of-week must be ?: both are.",
        "cron(0 8 * * ?)             | 15 | cron(minutes hours day-of-month month day-of-week year) has 6 fields, here are 5.",
        "cron(0 8 * * ? * *)         | 18 | cron(minutes hours day-of-month month day-of-week year) has 6 fields, here are 7.",
        "cron(0 8 * * ? *) x         | 18 | Nothing may follow the closing ).",
        "cron(0 8 * * ? *            | 16 | The closing ) is missing.",
        "rate(5 minute)              |  8 | A value of 5 goes with minutes.",
        "rate(1 hours)               |  8 | A value of 1 goes with hour.",
        "rate(5 weeks)               |  8 | The unit is one of second(s), minute(s), hour(s) and day(s).",
        "rate(x days)                |  6 | The value of rate(value unit) is a whole number from 1 to 9999999.",
        "at(2026-02-30T00:00:00)     |  4 | There is no such date or time of day.",
        "yearly(02-29 25:00)         | 14 | No day has this time: 00:00 to 23:59 are allowed.",
        "rrule(FREQ=DAILY;BYDAY=XX)  | 18 | This is not a rule of RFC 5545: ",
        "rrule(FREQ=DAILY;COUNT=0)   | 18 | This is not a rule of RFC 5545: ",
        "rrule(FREQ=DAILY;FREQ=DAILY)| 18 | FREQ may be there once.",
        "rrule(FREQ=DAILY;BYEASTER=1)| 18 | A part of a rule is one of FREQ, INTERVAL, COUNT, ",
        "rrule(FREQ=DAILY;SKIP=OMIT) | 18 | SKIP needs RSCALE=GREGORIAN beside it.",
        "rrule(RSCALE=CHINESE;FREQ=YEARLY;SKIP=OMIT) | 7 | No other calendar is supported than RSCALE=GREGORIAN.",
        "rrule(RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=UP) | 36 | SKIP is one of OMIT, FORWARD and BACKWARD.",
        "rrule(RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=FORWARD;BYWEEKNO=53) | 49 | BYWEEKNO is not supported with SKIP=FORWARD and SKIP=BACKWARD.",
        "rrule(RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=FORWARD;BYYEARDAY=9) | 49 | BYYEARDAY is not supported with SKIP",
        "rrule(RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=FORWARD;BYMONTHDAY=1,-29) | 49 | A BYMONTHDAY before -28 is not supported with SKIP",
        "rrule(RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=FORWARD;BYMONTHDAY=1;BYDAY=1MO) | 63 | BYDAY with a number, beside BYMONTHDAY, is not supported with SKIP",
        "rrule(FREQ=HOURLY;BYMINUTE=5,5,35;BYSETPOS=3) | 35 | A period of this rule has at most 2 times: BYSETPOS is from -2 to 2.",
        "rrule(FREQ=DAILY;UNTIL=xmas)| 18 | UNTIL is a date or a time such as 20261231T090000Z.",
        "every day                   |  1 | It must be rate(...), cron(...), at(...), yearly(...) or rrule(...)",
      })
  void anErrorSaysWhereAndWhat(String text, int column, String message) {
    Parsed.Invalid invalid = invalid(text);

    assertThat(invalid.error()).startsWith("Invalid Schedule Expression " + text + ". " + message);
    assertThat(invalid.column()).isEqualTo(column);
  }

  @Test
  void anExpressionHas256CharactersAtMostAndARule1024() {
    String list = "0" + ",10".repeat(76);
    String longest = "cron(" + list + " 0 10 10 ? 2030)";
    assertThat(longest).hasSizeLessThanOrEqualTo(Expression.MAX_LENGTH);
    assertThat(expression(longest + "").text()).isEqualTo(longest);

    String days = "cron(0" + ",10".repeat(90) + " 0 * * ? *)";
    assertThat(invalid(days).column()).isEqualTo(Expression.MAX_LENGTH + 1);
    assertThat(invalid(days).error()).contains("at most 256 are allowed");

    String rule = "rrule(FREQ=DAILY;BYHOUR=1" + ",10".repeat(300) + ")";
    assertThat(expression(rule).text()).isEqualTo(rule);
    String tooLong = "rrule(FREQ=DAILY;BYHOUR=1" + ",10".repeat(400) + ")";
    assertThat(invalid(tooLong).error()).contains("at most 1024 are allowed").hasSizeLessThan(300);
  }

  @Test
  void controlsDoNotReachTheError() {
    assertThat(invalid("cron(0 0 *\n* ? *)").error()).doesNotContain("\n");
    assertThat(invalid("\u001b[2J(").error()).doesNotContain("\u001b");
  }
}
