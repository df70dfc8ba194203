package dev.carillon.server.importing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.schedule.expression.Context;
import dev.carillon.schedule.expression.Expression;
import dev.carillon.schedule.expression.Firing;
import dev.carillon.schedule.expression.Parsed;
import dev.carillon.server.importing.Item.Ready;
import dev.carillon.server.importing.Item.Refused;
import dev.carillon.time.TimeZones;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrontabTest {

  private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");
  private static final ZoneId UTC = ZoneId.of("UTC");
  private static final Defaults DEFAULTS = new Defaults(UTC, null, null, NOW);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "* * * * *           | cron(* * * * ? *)            | 2027-01-01T00:01 2027-01-01T00:02",
        "*/15 * * * *        | cron(*/15 * * * ? *)         | 2027-01-01T00:15 2027-01-01T00:30",
        "*/25 * * * *        | cron(*/25 * * * ? *)         | 2027-01-01T00:25 2027-01-01T00:50 2027-01-01T01:00",
        "5-59/15 * * * *     | cron(5/15 * * * ? *)         | 2027-01-01T00:05 2027-01-01T00:20",
        "0-29/10 9 * * *     | cron(0-20/10 9 * * ? *)      | 2027-01-01T09:00 2027-01-01T09:10 2027-01-01T09:20 2027-01-02T09:00",
        "0,1,2,30 9 * * *    | cron(0-2,30 9 * * ? *)       | 2027-01-01T09:00 2027-01-01T09:01",
        "30 9 * * 1-5        | cron(30 9 ? * 2-6 *)         | 2027-01-01T09:30 2027-01-04T09:30",
        "30 9 * * MON-FRI    | cron(30 9 ? * 2-6 *)         | 2027-01-01T09:30 2027-01-04T09:30",
        "0 8 * * 0           | cron(0 8 ? * 1 *)            | 2027-01-03T08:00 2027-01-10T08:00",
        "0 8 * * 7           | cron(0 8 ? * 1 *)            | 2027-01-03T08:00 2027-01-10T08:00",
        "0 8 * * 6,7         | cron(0 8 ? * 1,7 *)          | 2027-01-02T08:00 2027-01-03T08:00 2027-01-09T08:00",
        "0 8 * * 5-7         | cron(0 8 ? * 1,6,7 *)        | 2027-01-01T08:00 2027-01-02T08:00 2027-01-03T08:00 2027-01-08T08:00",
        "0 8 * * 0-7         | cron(0 8 * * ? *)            | 2027-01-01T08:00 2027-01-02T08:00",
        "0 8 1 * *           | cron(0 8 1 * ? *)            | 2027-01-01T08:00 2027-02-01T08:00",
        "0 8 1-31 * 1        | cron(0 8 * * ? *)            | 2027-01-01T08:00 2027-01-02T08:00",
        "0 8 */2 * *         | cron(0 8 */2 * ? *)          | 2027-01-01T08:00 2027-01-03T08:00",
        "0 8 1,15 jan,JUL *  | cron(0 8 1,15 1,7 ? *)       | 2027-01-01T08:00 2027-01-15T08:00 2027-07-01T08:00",
        "0 0 29 2 *          | cron(0 0 29 2 ? *)           | 2028-02-29T00:00 2032-02-29T00:00",
        "@daily              | cron(0 0 * * ? *)            | 2027-01-02T00:00",
        "@hourly             | cron(0 * * * ? *)            | 2027-01-01T01:00",
        "@weekly             | cron(0 0 ? * 1 *)            | 2027-01-03T00:00",
        "@monthly            | cron(0 0 1 * ? *)            | 2027-02-01T00:00",
        "@YEARLY             | cron(0 0 1 1 ? *)            | 2028-01-01T00:00",
        "-5 4 * * *          | cron(5 4 * * ? *)            | 2027-01-01T04:05"
      })
  void aLineBecomesAnExpressionThatFiresWhenItDoes(String when, String expression, String times) {
    Ready ready = ready(when + " /bin/x");

    assertThat(ready.body().path("expression").textValue()).isEqualTo(expression);
    List<Instant> expected =
        Arrays.stream(times.split(" ")).map(time -> Instant.parse(time + ":00Z")).toList();
    assertThat(next(expression, expected.size())).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "0 9 13 * 5 x       | days that are '13' of the month or '5' of the week",
        "0 9 */2 * 1 x      | days that are both '*/2' of the month and '1' of the week",
        "5/15 * * * * x     | crons differ about '5/15': write 5-59/15",
        "60 * * * * x       | '60' is not one of the minutes, which are from 0 to 59",
        "0 24 * * * x       | '24' is not one of the hours",
        "0 0 0 * * x        | '0' is not one of the days of the month",
        "0 0 * 13 * x       | '13' is not one of the months",
        "0 0 * * 8 x        | '8' is not one of the days of the week",
        "0 0 * * FUN x      | 'FUN' is not one of the days of the week",
        "30-10 * * * * x    | '30-10' ends before it begins",
        "*/0 * * * * x      | the step of '*/0' must be a number from 1",
        "1~30 * * * * x     | is a random time",
        "0 0 30 2 * x       | never comes again",
        "@reboot x          | @reboot is no time",
        "@fortnightly x     | is not known",
        "* * * * *          | five fields and a command are needed",
        "hello              | five fields and a command are needed",
        "CRON_TZ=Mars/Base  | Mars/Base is no time zone of IANA"
      })
  void whatHasNoEqualIsRefusedWithItsLineAndTheReason(String line, String reason) {
    List<Item> items = Crontab.read("# first\n" + line + "\n@daily after\n", DEFAULTS);

    assertThat(items).hasSize(2);
    assertThat(items.getFirst())
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.where()).isEqualTo("line 2");
              assertThat(refused.reason()).contains(reason);
            });
    assertThat(items.getLast()).isInstanceOf(Ready.class);
  }

  @Test
  void commentsBlankLinesAndSettingsAreNoSchedules() {
    assertThat(Crontab.read("# x\n\nMAILTO=ops@example.com\nPATH = /bin\n", DEFAULTS)).isEmpty();
  }

  @Test
  void theCommandBecomesTheInputAndTheName() {
    Ready ready = ready("0 9 * * * /usr/bin/php /srv/app/artisan invoices:send --all >/dev/null");

    assertThat(ready.body().path("input").path("command").textValue())
        .isEqualTo("/usr/bin/php /srv/app/artisan invoices:send --all >/dev/null");
    assertThat(ready.body().path("name").textValue()).isEqualTo("php-artisan-invoices-send---all");
    assertThat(ready.body().path("description").textValue()).startsWith("/usr/bin/php");
  }

  @Test
  void whatFollowsAPercentSignIsTheCommandsStandardInput() {
    Ready ready = ready("0 9 * * * mail -s 100\\% joe%Hello%you\\%");

    assertThat(ready.body().path("input").path("command").textValue())
        .isEqualTo("mail -s 100% joe");
    assertThat(ready.body().path("input").path("stdin").textValue()).isEqualTo("Hello\nyou%");
  }

  @Test
  void equalCommandsGetDifferentNames() {
    List<Item> items = Crontab.read("@daily /bin/x\n@hourly /bin/x\n", DEFAULTS);

    assertThat(items)
        .map(item -> ((Ready) item).body().path("name").textValue())
        .containsExactly("x", "x-2");
  }

  @Test
  void cronTzHoldsForTheLinesAfterIt() {
    List<Item> items =
        Crontab.read(
            "@daily a\nCRON_TZ=Europe/Paris\n@daily b\nCRON_TZ=\"Asia/Tokyo\"\n@daily c", DEFAULTS);

    assertThat(items)
        .map(item -> ((Ready) item).body().path("zone").textValue())
        .containsExactly("UTC", "Europe/Paris", "Asia/Tokyo");
  }

  @Test
  void aFixedTimeIsNeitherLostNorRepeatedWhereTheClocksChange() {
    assertThat(ready("30 2 * * * x").body())
        .hasToString(
            ready("30 2 * * * x")
                .body()
                .put("gap", "end_of_gap")
                .put("overlap", "first")
                .toString());
    assertThat(ready("30 * * * * x").body().path("gap").textValue()).isEqualTo("skip");
    assertThat(ready("30 * * * * x").body().path("overlap").textValue()).isEqualTo("both");
  }

  @Test
  void cronNeverMakesUpForWhatItMissed() {
    assertThat(ready("@daily x").body().path("misfire").textValue()).isEqualTo("skip");
  }

  @Test
  void aRandomDelayIsJitter() {
    List<Item> items = Crontab.read("RANDOM_DELAY=30\n@daily x\n", DEFAULTS);

    assertThat(((Ready) items.getFirst()).body().path("jitter").textValue()).isEqualTo("30m");
  }

  private static Ready ready(String line) {
    List<Item> items = Crontab.read(line, DEFAULTS);
    assertThat(items).singleElement().isInstanceOf(Ready.class);
    return (Ready) items.getFirst();
  }

  static List<Instant> next(String text, int count) {
    assertThat(Expression.parse(text)).isInstanceOf(Parsed.Valid.class);
    Expression expression = ((Parsed.Valid) Expression.parse(text)).expression();
    Context context = Context.of(expression, TimeZones.ofJvm(), UTC);
    List<Instant> times = new ArrayList<>();
    Instant after = NOW;
    while (times.size() < count
        && expression.next(context, after) instanceof Firing.At(var occurrence)) {
      after = occurrence.instant();
      times.add(after);
    }
    return times;
  }
}
