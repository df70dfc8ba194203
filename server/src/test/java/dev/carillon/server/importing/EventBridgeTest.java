package dev.carillon.server.importing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.http.Json;
import dev.carillon.server.importing.Item.Ready;
import dev.carillon.server.importing.Item.Refused;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventBridgeTest {

  private static final Defaults DEFAULTS =
      new Defaults(
          ZoneId.of("UTC"),
          "imported",
          Json.object().put("kind", "webhook"),
          Instant.parse("2027-01-01T00:00:00Z"));

  @Test
  void aScheduleOfTheSchedulerKeepsAllThatItSays() {
    JsonNode body =
        ready(
                """
                {"Arn": "arn:aws:scheduler:eu-west-1:1:schedule/billing/invoices",
                 "GroupName": "billing", "Name": "invoices", "Description": "send them",
                 "ScheduleExpression": "cron(0 9 L * ? *)",
                 "ScheduleExpressionTimezone": "Europe/Paris",
                 "StartDate": "2027-01-01T00:00:00+01:00", "EndDate": 1830297600.5,
                 "State": "DISABLED", "ActionAfterCompletion": "DELETE",
                 "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15},
                 "Target": {"Arn": "arn:aws:sqs:eu-west-1:1:q", "Input": "{\\"a\\": 1}",
                   "RetryPolicy": {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 5}}}
                """)
            .body();

    assertThat(body)
        .hasToString(
            Json.object()
                .put("name", "invoices")
                .put("group", "billing")
                .put("expression", "cron(0 9 L * ? *)")
                .put("zone", "Europe/Paris")
                .<com.fasterxml.jackson.databind.node.ObjectNode>set(
                    "target", Json.object().put("kind", "webhook"))
                .put("description", "send them")
                .put("start", "2026-12-31T23:00:00Z")
                .put("end", "2028-01-01T00:00:00.500Z")
                .put("enabled", false)
                .put("after_last_run", "delete")
                .put("jitter", "15m")
                .put("input", "{\"a\": 1}")
                .put("max_age", "3600s")
                .put("max_attempts", 6)
                .toString());
  }

  @Test
  void aRuleIsInUtc() {
    JsonNode body =
        ready("{'Name': 'r', 'ScheduleExpression': 'rate(5 minutes)', 'State': 'ENABLED'}").body();

    assertThat(body.path("zone").textValue()).isEqualTo("UTC");
    assertThat(body.path("group").textValue()).isEqualTo("imported");
    assertThat(body.has("enabled")).isFalse();
  }

  @Test
  void theSchedulersLooserRatesAreMended() {
    assertThat(expression("rate(1 minutes)")).isEqualTo("rate(1 minute)");
    assertThat(expression("rate(5 minute)")).isEqualTo("rate(5 minutes)");
    assertThat(expression("rate(2 days)")).isEqualTo("rate(2 days)");
  }

  @Test
  void moreAttemptsThanAreAllowedAreCutAndTold() {
    Ready ready =
        ready(
            """
            {'Name': 'r', 'ScheduleExpression': 'rate(5 minutes)',
             'Target': {'RetryPolicy': {'MaximumRetryAttempts': 185}}}
            """);

    assertThat(ready.body().path("max_attempts").intValue()).isEqualTo(100);
    assertThat(ready.notes()).containsExactly("100 attempts in place of 186");
  }

  @Test
  void listsAndSeveralDocumentsAreReadToTheEnd() {
    List<Item> items =
        read(
            """
            {"Rules": [{"Name": "a", "ScheduleExpression": "rate(1 hour)"},
                       {"Name": "b", "EventPattern": "{}"}]}
            {"Schedules": [{"Name": "c", "GroupName": "g", "State": "ENABLED"}]}
            [{"Name": "d", "ScheduleExpression": "cron(0 9 * * * *)"},
             {"ScheduleExpression": "rate(1 hour)"}]
            {"Name": "e", "ScheduleExpression": "at(2020-01-01T00:00:00)"}
            """);

    assertThat(items)
        .extracting(Item::where)
        .containsExactly(
            "schedule a", "schedule b", "schedule c", "schedule d", "object 5", "schedule e");
    assertThat(items.getFirst()).isInstanceOf(Ready.class);
    assertThat(items.subList(1, items.size()))
        .map(item -> ((Refused) item).reason())
        .satisfiesExactly(
            b -> assertThat(b).isEqualTo("the rule waits for events, not for a time"),
            c -> assertThat(c).contains("list-schedules leaves out", "get-schedule"),
            d -> assertThat(d).startsWith("Invalid Schedule Expression cron(0 9 * * * *)."),
            five -> assertThat(five).startsWith("it has no Name"),
            e -> assertThat(e).contains("never comes again"));
  }

  @Test
  void whatIsNoJsonIsToldWithItsLine() {
    List<Item> items = read("{\"Name\": \"a\", \"ScheduleExpression\": \"rate(1 hour)\"}\n{oops");

    assertThat(items).hasSize(2);
    assertThat(items.getLast().where()).isEqualTo("line 2");
  }

  private static String expression(String text) {
    return ready("{'Name': 'r', 'ScheduleExpression': '%s'}".formatted(text))
        .body()
        .path("expression")
        .textValue();
  }

  private static Ready ready(String json) {
    List<Item> items = read(json.contains("\"") ? json : json.replace('\'', '"'));
    assertThat(items).singleElement().isInstanceOf(Ready.class);
    return (Ready) items.getFirst();
  }

  private static List<Item> read(String json) {
    return EventBridge.read(json, DEFAULTS);
  }
}
