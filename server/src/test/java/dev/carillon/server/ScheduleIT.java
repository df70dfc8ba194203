package dev.carillon.server;

import static dev.carillon.server.Api.assertNames;
import static dev.carillon.server.Api.assertProblem;
import static dev.carillon.server.Api.instant;
import static dev.carillon.server.Api.json;
import static dev.carillon.server.Api.list;
import static dev.carillon.server.Api.ok;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.server.security.Role;
import dev.carillon.testkit.receiver.Answer;
import dev.carillon.testkit.receiver.Delivery;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleIT {

  private static final String SCHEDULES = "/v1/schedules";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  private final RunningServer server = RunningServer.shared();
  private final Postbox postbox = RunningServer.postbox();
  private final Api api = Api.of(server);

  @Nested
  class Firing {

    @Test
    void aScheduleFiresItsWebhookWithinASecondAndItsHistorySaysHowLate() throws Exception {
      JsonNode made = made(every("1 second").put("input", "{\"n\": \"<carillon.name>\"}"));
      String id = id(made);

      List<Delivery> deliveries = postbox.await(id, 3);
      ok(post(id, "/pause", "{\"reason\": \"seen enough\"}"));

      JsonNode body = Postbox.body(deliveries.getFirst());
      assertThat(body.path("type").textValue()).isEqualTo("schedule.fired");
      assertThat(body.path("data").path("input").path("n").textValue())
          .isEqualTo(made.path("name").textValue());
      assertThat(deliveries).allMatch(Delivery::signed);
      assertThat(
              deliveries.stream()
                  .map(each -> Postbox.body(each).path("data").path("scheduled_time").textValue()))
          .doesNotHaveDuplicates();
      List<JsonNode> runs = awaitHistory(id, all -> all.size() >= 3);
      assertThat(runs).allMatch(run -> run.path("kind").textValue().equals("scheduled"));
      assertThat(runs.getLast().path("lateness").doubleValue()).isBetween(0.0, 5.0);
      assertThat(instant(runs.getLast(), "started_at"))
          .isAfterOrEqualTo(instant(runs.getLast(), "due_at"));
      JsonNode punctuality = read(id, "").path("punctuality");
      assertThat(punctuality.path("runs").intValue()).isGreaterThanOrEqualTo(3);
      assertThat(punctuality.path("p50").doubleValue()).isLessThan(5);
      assertThat(metrics())
          .contains("carillon_schedule_fired_total", "carillon_schedule_lateness_seconds")
          .contains("carillon_schedule_missed_total");
    }

    @Test
    void pauseStopsItAndResumeLetsItFireAgain() throws Exception {
      String id = id(made(every("1 second")));
      postbox.await(id, 1);

      JsonNode paused = ok(post(id, "/pause", "{\"reason\": \"the books are closed\"}"));
      assertThat(paused.path("state").textValue()).isEqualTo("paused");
      assertThat(paused.path("state_reason").textValue()).isEqualTo("the books are closed");
      assertThat(paused.path("next")).isEmpty();
      assertThat(explain(id).path("cause").textValue()).isEqualTo("paused");
      assertThat(explain(id).path("explanation").textValue()).contains("the books are closed");
      assertProblem(post(id, "/pause", ""), 409);

      int before = postbox.about(id).size();
      JsonNode resumed = ok(post(id, "/resume", ""));
      assertThat(resumed.path("state").textValue()).isEqualTo("enabled");
      assertThat(resumed.path("next")).hasSize(3);
      postbox.await(id, before + 2);
      ok(post(id, "/disable", ""));
      ok(post(id, "/enable", ""));
      delete(id);
    }

    @Test
    void runNowRunsItOnceAlsoWhilePausedAndWithAnInputOfItsOwn() throws Exception {
      String id = id(made(later().put("enabled", false)));

      HttpResponse<String> response = post(id, "/run", "{\"input\": {\"only\": 1}}");
      assertThat(response.statusCode()).isEqualTo(202);
      String run = json(response).path("run").textValue();

      Delivery delivery = postbox.await(id, 1).getFirst();
      JsonNode data = Postbox.body(delivery).path("data");
      assertThat(data.path("run_id").textValue()).isEqualTo(run);
      assertThat(data.path("kind").textValue()).isEqualTo("manual");
      assertThat(data.path("input").path("only").intValue()).isEqualTo(1);
      assertThat(awaitHistory(id, all -> ended(all, 1)).getFirst().path("run").textValue())
          .isEqualTo(run);
    }

    @Test
    void aBackfillRunsThePastInOrder() throws Exception {
      String id = id(made(later().put("expression", "cron(0 * * * ? *)").put("enabled", false)));
      String range = "{\"from\": \"2026-01-01T00:00:00Z\", \"to\": \"2026-01-01T03:00:00Z\"}";

      assertThat(json(post(id, "/backfill", range)).path("runs").intValue()).isEqualTo(4);
      List<Delivery> deliveries = postbox.await(id, 4);
      assertThat(deliveries)
          .extracting(each -> Postbox.body(each).path("data").path("scheduled_time").textValue())
          .containsExactlyInAnyOrder(
              "2026-01-01T00:00:00Z",
              "2026-01-01T01:00:00Z",
              "2026-01-01T02:00:00Z",
              "2026-01-01T03:00:00Z");
      assertNames(post(id, "/backfill", range.replace("2026-01-01T03", "9000-01-01T03")), "to");
    }

    @Test
    void aDeletedScheduleIsGone() throws Exception {
      String id = id(made(every("1 second")));
      postbox.await(id, 1);
      delete(id);

      assertProblem(api.get(SCHEDULES + "/" + id), 404);
      assertProblem(post(id, "/run", ""), 404);
    }
  }

  @Nested
  class Explaining {

    @Test
    void oneThatRunsSaysSo() throws Exception {
      String id = id(made(every("1 second")));
      postbox.await(id, 2);
      awaitHistory(id, all -> ended(all, 1));

      JsonNode explained = explain(id);
      assertThat(explained.path("cause").textValue()).isIn("none", "running");
      assertThat(explained.path("processes").intValue()).isPositive();
      assertThat(explained.path("last_run").path("status").textValue()).isNotEmpty();
      delete(id);
    }

    @Test
    void oneThatHasEndedSaysWhy() {
      String id =
          id(made(later().put("expression", "rate(1 hour)").put("end", "2020-01-01T00:00:00Z")));

      assertThat(explain(id).path("cause").textValue()).isEqualTo("ended");
      assertThat(explain(id).path("explanation").textValue()).contains("2020-01-01");
    }

    @Test
    void oneThatHasNotStartedSaysWhenItDoes() {
      String id = id(made(every("1 second").put("start", "2099-01-01T00:00:00Z")));

      assertThat(explain(id).path("explanation").textValue())
          .isEqualTo("It starts at 2099-01-01T00:00:00Z. It is due next at 2099-01-01T00:00:00Z.");
    }

    @Test
    void oneThatWasNeverDueSaysWhenItIs() {
      String id = id(made(later()));

      assertThat(explain(id).path("cause").textValue()).isEqualTo("not_due_yet");
      assertThat(explain(id).path("explanation").textValue())
          .endsWith("It is due next at 2099-01-01T00:00:00Z.");
    }

    @Test
    void aFailureIsToldWithTheReason() throws Exception {
      String id = id(made(later()));
      postbox.answer(id, Answer.status(400));
      post(id, "/run", "");
      awaitHistory(id, all -> ended(all, 1));

      assertThat(explain(id).path("cause").textValue()).isEqualTo("failed");
      assertThat(explain(id).path("explanation").textValue()).contains("failed for good", "400");
    }

    @Test
    void aRetryIsToldAsWaiting() throws Exception {
      ObjectNode body = later();
      body.putArray("retry").add("1h");
      String id = id(made(body));
      postbox.answer(id, Answer.status(503));
      post(id, "/run", "");
      awaitHistory(id, all -> all.getFirst().path("reason").isTextual());

      assertThat(explain(id).path("cause").textValue()).isEqualTo("waiting");
      assertThat(explain(id).path("waiting").path("next_attempt_at").isTextual()).isTrue();
      delete(id);
    }

    @Test
    void anEndpointThatIsDisabledOrMissingIsTold() {
      String name = "sched-" + COUNT.incrementAndGet();
      ObjectNode missing = later();
      missing.putObject("target").put("kind", "webhook").put("endpoint", name);
      String id = id(made(missing));
      assertThat(explain(id).path("cause").textValue()).isEqualTo("target");

      api.send(
          "POST",
          "/v1/endpoints",
          "{\"name\": \"%s\", \"url\": \"https://hooks.example.com/in\", \"disabled\": true}"
              .formatted(name));
      assertThat(explain(id).path("target").textValue()).contains(name, "disabled");
    }

    @Test
    void aRunThatIsSkippedForAnEarlierOneIsInTheHistoryWithTheReason() {
      ObjectNode body = every("1 second").put("run_overlap", "skip").put("enabled", false);
      body.putArray("retry").add("1h");
      String id = id(made(body));
      postbox.answer(id, Answer.status(503));
      ok(post(id, "/resume", ""));
      awaitHistory(
          id, all -> all.stream().anyMatch(e -> e.path("status").textValue().equals("missed")));

      JsonNode explained = explain(id);
      assertThat(explained.path("cause").textValue()).isEqualTo("waiting");
      assertThat(explained.path("last_miss").path("reason").textValue()).contains("earlier run");
      assertThat(explained.path("run_overlap").textValue()).isEqualTo("skip");
      assertThat(list(read(id, "/history?only=misses"), "firings"))
          .isNotEmpty()
          .allMatch(e -> e.path("status").textValue().equals("missed"));
      delete(id);
    }
  }

  @Nested
  class Keeping {

    @Test
    void aScheduleIsFoundByItsIdAndByItsNameInItsGroup() {
      JsonNode made = made(later().put("group", "billing-" + COUNT.incrementAndGet()));
      String byName =
          "/" + made.path("name").textValue() + "?group=" + made.path("group").textValue();

      assertThat(read(id(made), "").path("id")).isEqualTo(made.path("id"));
      assertThat(api.read(SCHEDULES + byName).path("id")).isEqualTo(made.path("id"));
      assertProblem(api.get(SCHEDULES + "/" + made.path("name").textValue()), 404);
      assertThat(api.read(SCHEDULES + byName.replace("?", "/explain?")).path("state").textValue())
          .isEqualTo("enabled");
    }

    @Test
    void aNameIsUsedOnceInAGroup() {
      ObjectNode body = later();
      made(body);

      assertProblem(create(body), 409);
      made(body.put("group", "other-" + COUNT.incrementAndGet()));
    }

    @Test
    void aChangeMergesAndARevisionGuardsIt() {
      JsonNode made = made(later().put("description", "old").put("jitter", "5m"));
      String path = SCHEDULES + "/" + id(made);

      JsonNode changed =
          ok(
              api.send(
                  "PATCH",
                  path,
                  "{\"jitter\": null, \"zone\": \"Europe/Paris\", \"revision\": 1}"));
      assertThat(changed.path("description").textValue()).isEqualTo("old");
      assertThat(changed.path("jitter").textValue()).isEqualTo("0s");
      assertThat(changed.path("revision").intValue()).isEqualTo(2);
      assertProblem(api.send("PATCH", path, "{\"zone\": \"UTC\", \"revision\": 1}"), 409);
      assertNames(api.send("PATCH", path, "{\"enabled\": false}"), "enabled");
    }

    @Test
    void listsAreFilteredAndCutIntoPages() {
      String group = "list-" + COUNT.incrementAndGet();
      for (int i = 0; i < 3; i++) {
        ObjectNode body = later().put("group", group).put("enabled", i > 0);
        body.putArray("tags").add("tag-" + i);
        made(body);
      }
      JsonNode page = api.read(SCHEDULES + "?limit=2&group=" + group);
      assertThat(page.path("schedules")).hasSize(2);
      String cursor = page.path("next_cursor").textValue();
      assertThat(
              api.read(SCHEDULES + "?limit=2&group=" + group + "&cursor=" + cursor)
                  .path("schedules"))
          .hasSize(1);
      assertThat(api.read(SCHEDULES + "?group=" + group + "&state=paused").path("schedules"))
          .hasSize(1);
      JsonNode tagged = api.read(SCHEDULES + "?group=" + group + "&tag=tag-2");
      assertThat(tagged.path("schedules")).hasSize(1);
      assertThat(instant(tagged.path("schedules").get(0), "next_at"))
          .isEqualTo(Instant.parse("2099-01-01T00:00:00Z"));
      assertNames(api.get(SCHEDULES + "?state=asleep&x=1"), "state", "x");
    }

    @Test
    void usersMayNotTouchSchedules() {
      Api user = api.as(Role.USER, "0f9619ff-8b86-4011-b42d-00c04fc964ff");

      assertProblem(user.get(SCHEDULES), 403);
      assertProblem(user.get("/v1/calendars"), 403);
    }

    @Test
    void theApiDocumentListsThem() {
      String document = server.send(server.request("/openapi")).body();

      assertThat(document).contains("/v1/schedules/{id}/explain:", "/v1/calendars/{name}:");
    }
  }

  @Nested
  class BadInput {

    @Test
    void aWrongExpressionIsToldInEventBridgesWordsWithTheColumn() {
      HttpResponse<String> response = create(later().put("expression", "cron(0 99 * * ? *)"));

      assertNames(response, "expression");
      assertThat(json(response).path("detail").textValue())
          .startsWith("Invalid Schedule Expression cron(0 99 * * ? *).");
      assertThat(json(response).path("errors").get(0).path("column").intValue()).isEqualTo(8);
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
      assertNames(
          create(JSON.createObjectNode().put("zone", "Mars").put("revision", 1)),
          "zone",
          "revision",
          "name",
          "expression",
          "target");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '#',
        value = {
          "target     | {'kind': 'lambda'}",
          "target     | {'kind': 'webhook', 'url': 'https://x.example'}",
          "target     | {'kind': 'queue'}",
          "target     | {'kind': 'sql', 'statement': 'drop'}",
          "calendars  | ['nobody-made-it']",
          "input      | 'hello <aws.scheduler.oops>'"
        })
    void whatIsNotThereIsToldWithItsField(String field, String value) throws Exception {
      ObjectNode body = later();
      body.set(field, JSON.readTree(value.replace('\'', '"')));

      assertNames(create(body), field);
    }
  }

  private static ObjectNode later() {
    ObjectNode body =
        JSON.createObjectNode()
            .put("name", "it-" + COUNT.incrementAndGet())
            .put("expression", "at(2099-01-01T00:00:00)");
    body.putObject("target").put("kind", "webhook");
    return body;
  }

  private static ObjectNode every(String time) {
    return later().put("expression", "rate(" + time + ")");
  }

  private JsonNode made(ObjectNode body) {
    HttpResponse<String> response = create(body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return json(response);
  }

  private HttpResponse<String> create(ObjectNode body) {
    return api.send("POST", SCHEDULES, body.toString());
  }

  private static String id(JsonNode schedule) {
    return schedule.path("id").textValue();
  }

  private JsonNode read(String id, String below) {
    return api.read(SCHEDULES + "/" + id + below);
  }

  private JsonNode explain(String id) {
    return read(id, "/explain");
  }

  private HttpResponse<String> post(String id, String below, String body) {
    return api.send("POST", SCHEDULES + "/" + id + below, body);
  }

  private void delete(String id) {
    assertThat(api.send("DELETE", SCHEDULES + "/" + id, "").statusCode()).isEqualTo(204);
  }

  private String metrics() {
    return server.send(server.as(Role.ADMIN, "/metrics")).body();
  }

  private static boolean ended(List<JsonNode> firings, int count) {
    return firings.stream().filter(each -> each.path("ended_at").isTextual()).count() >= count;
  }

  /** A schedule's history once it is as wanted. */
  private List<JsonNode> awaitHistory(String id, Predicate<List<JsonNode>> wanted) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<JsonNode> firings = list(read(id, "/history"), "firings");
    while (firings.isEmpty() || !wanted.test(firings)) {
      assertThat(System.nanoTime()).as("the history %s", firings).isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(BETWEEN_LOOKS.toMillis()));
      firings = list(read(id, "/history"), "firings");
    }
    return firings;
  }
}
