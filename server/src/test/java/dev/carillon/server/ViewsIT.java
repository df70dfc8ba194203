package dev.carillon.server;

import static dev.carillon.server.Api.assertNames;
import static dev.carillon.server.Api.assertProblem;
import static dev.carillon.server.Api.json;
import static dev.carillon.server.Api.list;
import static dev.carillon.server.Api.ok;
import static dev.carillon.server.Api.texts;
import static dev.carillon.server.Api.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.server.security.Role;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

class ViewsIT {

  private static final Jobs JOBS = Jobs.shared();
  private static final String VIEWS = "/v1/views";
  private static final String PROGRESS = VIEWS + "/job_progress";
  private static final String BY_STATUS =
      "SELECT status, count(*) AS objects FROM job_objects GROUP BY status";

  private static final String BY_JOB =
      "SELECT job_id, count(*) AS objects FROM job_objects GROUP BY job_id";
  private static final String LATEST =
      "SELECT job_id, max(updated_at) AS latest FROM job_objects GROUP BY job_id";

  private final Api api = JOBS.api();

  @Test
  void aRefreshByHandSaysWhatTheViewHoldsAndIsRemembered() {
    JOBS.make();

    JsonNode done = ok(api.send("POST", PROGRESS + "/refresh", "{\"source\":\"manual\"}"));
    assertThat(done.path("outcome").asText()).isEqualTo("refreshed");
    assertThat(done.path("concurrently").booleanValue()).isTrue();
    assertThat(done.path("total_jobs").asLong()).isPositive();
    assertThat(done.path("total_objects").asLong()).isGreaterThan(done.path("processed").asLong());
    ok(api.post(PROGRESS + "/refresh"));

    JsonNode view = api.read(PROGRESS);
    assertThat(view.path("tier").asText()).isEqualTo("full");
    assertThat(view.path("freshness").path("exact").booleanValue()).isTrue();
    assertThat(view.path("stale").booleanValue()).isFalse();
    JsonNode history = api.read(PROGRESS + "/history?limit=1");
    JsonNode last = list(history, "history").getFirst();
    assertThat(last.path("source").asText()).isEqualTo("manual");
    assertThat(last.path("as_of")).isEqualTo(view.path("freshness").path("as_of"));
    JsonNode before =
        api.read(PROGRESS + "/history?cursor=" + history.path("next_cursor").asText());
    assertThat(texts(list(before, "history"), "id")).doesNotContain(last.path("id").asText());
  }

  @Test
  void aRefreshBesideAnotherIsLeftOut() {
    try (Handle other = JOBS.database().jdbi().open()) {
      other.begin();
      other.execute("SELECT FROM view_state WHERE view_name = 'job_progress' FOR UPDATE");
      assertProblem(api.post(PROGRESS + "/refresh"), 409);
      other.rollback();
    }
  }

  @Test
  void rowsAreFilteredSortedAndPagedByColumnsThatExist() {
    UUID job = JOBS.make().getFirst();
    String rows = PROGRESS + "/rows";

    JsonNode one = api.read(rows + "?job_id=" + job);
    assertThat(one.path("columns").path("progress_percent").asText()).startsWith("numeric");
    assertThat(list(one, "rows")).hasSize(1);
    assertThat(one.path("freshness").path("data_source").asText()).isEqualTo("cached");
    JsonNode first = api.read(rows + "?total_objects[gte]=400&sort=-created_at,job_id&limit=1");
    JsonNode second =
        api.read(
            rows
                + "?total_objects%5Bgte%5D=400&sort=-created_at,job_id&limit=1&cursor="
                + first.path("next_cursor").asText());
    assertThat(first.path("rows")).isNotEqualTo(second.path("rows"));
    assertThat(list(api.read(rows + "?bucket=%27%20OR%201%3D1%20--"), "rows")).isEmpty();

    assertProblem(api.get(rows + "?nothing=1"), 400);
    assertProblem(api.get(rows + "?sort=job_id%22--"), 400);
    assertProblem(api.get(rows + "?job_id=x"), 400);
    assertNames(api.get(rows + "?limit=0&total[like]=x"), "limit", "total[like]");
    assertProblem(api.get(VIEWS + "/nothing/rows"), 404);
  }

  @Test
  void aViewIsMadeExplainedFilledAndDropped() {
    JOBS.make();
    HttpResponse<String> made = make("by_status", BY_STATUS, false);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    assertThat(made.headers().firstValue("location").orElseThrow()).endsWith("/v1/views/by_status");
    assertProblem(api.get(VIEWS + "/by_status/rows"), 409);
    assertProblem(make("by_status", BY_STATUS, false), 409);
    ok(api.post(VIEWS + "/by_status/refresh"));
    assertThat(list(api.read(VIEWS + "/by_status/rows?sort=status"), "rows")).isNotEmpty();
    String schedule = "/v1/schedules/by_status?group=views";
    until(() -> api.get(schedule).statusCode(), status -> status == 200, "scheduled");
    assertThat(api.send("DELETE", VIEWS + "/by_status", "").statusCode()).isEqualTo(204);
    assertProblem(api.get(VIEWS + "/by_status"), 404);
    assertProblem(api.get(schedule), 404);
    assertProblem(api.send("DELETE", VIEWS + "/by_status", ""), 404);
  }

  @Test
  void anIncrementalViewIsExactAtOnce() {
    UUID job = JOBS.make().getFirst();
    HttpResponse<String> made = make("live_status", BY_STATUS, true);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    assertThat(json(made).path("tier").asText()).isEqualTo("ledger");

    String path = VIEWS + "/live_status/rows?status=processing";
    long before = objects(path);
    JOBS.move(job, 30);
    assertThat(objects(path)).isEqualTo(before + 30);
    JsonNode freshness = api.read(path).path("freshness");
    assertThat(freshness.path("exact").booleanValue()).isTrue();
    assertThat(freshness.path("tier").asText()).isEqualTo("ledger");
    assertThat(freshness.path("pending_changes").isNumber()).isTrue();
    ok(api.post(VIEWS + "/live_status/refresh"));
    assertThat(api.send("DELETE", VIEWS + "/live_status", "").statusCode()).isEqualTo(204);
  }

  @Test
  void aViewOfTouchedKeysFollowsItsTables() {
    UUID job = JOBS.make().getFirst();
    JsonNode explained = ok(api.send("POST", VIEWS + "/explain", query(LATEST)));
    assertThat(explained.path("tier").asText()).isEqualTo("keyed");
    assertThat(explained.path("keys").toString()).isEqualTo("[\"job_id\"]");
    assertThat(texts(list(explained, "obstacles"), "tier")).containsOnly("ledger");
    HttpResponse<String> made = make("latest", LATEST, true);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    assertThat(json(made).path("tier").asText()).isEqualTo("keyed");
    assertThat(json(made).path("key_columns").toString()).isEqualTo("[\"job_id\"]");

    String rows = VIEWS + "/latest/rows?job_id=" + job;
    String before = last(rows);
    JOBS.move(job, 30);
    ok(api.post(VIEWS + "/latest/refresh"));
    assertThat(last(rows)).isNotEqualTo(before);
    until(() -> api.read(rows).path("freshness"), ViewsIT::isUpToDate, "all worked in");
    long differing =
        JOBS.database()
            .jdbi()
            .withHandle(handle ->
                handle
                    .createQuery("SELECT count(*) FROM (" + LATEST + " EXCEPT TABLE latest) d")
                    .mapTo(Long.class)
                    .one());
    assertThat(differing).isZero();
    String after = last(rows);
    JOBS.move(job, 30);
    until(() -> last(rows), last -> !last.equals(after), "worked in by itself");

    assertThat(texts(list(api.read(VIEWS), "views"), "name")).contains("latest");
    until(
        () -> api.get("/metrics").body(),
        text ->
            text.contains("carillon_view_pending{view=\"latest\"}")
                && text.contains("carillon_view_exact{view=\"latest\"} 1.0")
                && text.contains("carillon_view_captured_bytes{view=\"latest\"}"),
        "metrics of a view of keys");
    assertThat(texts(list(api.read(VIEWS + "/latest/history"), "history"), "outcome"))
        .contains("refreshed");
    assertThat(api.send("DELETE", VIEWS + "/latest", "").statusCode()).isEqualTo(204);
    assertProblem(api.get(rows), 404);
  }

  @Test
  void oneTierIsAskedForByName() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("name", "named").put("query", BY_JOB).put("tier", "keyed");
    body.putArray("keys").add("job_id");
    HttpResponse<String> made = api.send("POST", VIEWS, body.toString());
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    assertThat(json(made).path("tier").asText()).isEqualTo("keyed");
    assertThat(api.send("DELETE", VIEWS + "/named", "").statusCode()).isEqualTo(204);
    assertProblem(
        api.send("POST", VIEWS, body.put("query", LATEST).put("tier", "ledger").toString()), 422);
  }

  @Test
  void whatCannotBeMadeIsExplained() {
    JsonNode ledger = ok(api.send("POST", VIEWS + "/explain", query(BY_STATUS)));
    assertThat(ledger.path("tier").asText()).isEqualTo("ledger");
    String limited = LATEST + " LIMIT 5";
    JsonNode full = ok(api.send("POST", VIEWS + "/explain", query(limited)));
    assertThat(full.path("tier").asText()).isEqualTo("full");
    assertThat(texts(list(full, "obstacles"), "tier")).contains("ledger", "keyed");
    assertThat(texts(list(full, "obstacles"), "hint")).allMatch(hint -> !hint.isBlank());

    HttpResponse<String> refused = make("limited", limited, true);
    assertProblem(refused, 422);
    assertThat(json(refused).path("detail").asText()).contains("not ledger: ", "not keyed: ");
    assertProblem(make("nothing", "SELECT * FROM nothing_there", false), 422);
    assertNames(make("two", "SELECT 1; SELECT 2", false), "query");
    assertNames(api.send("POST", VIEWS, "{\"name\":\"A\"}"), "name");
    assertProblem(api.as(Role.SERVICE, "machine").send("POST", VIEWS, query("SELECT 1")), 403);
    assertProblem(api.as(Role.SERVICE, "machine").send("DELETE", PROGRESS, ""), 403);
    assertNames(api.send("POST", PROGRESS + "/refresh", "{\"source\":\"x\"}"), "source");
    assertProblem(api.post(VIEWS + "/nothing/refresh"), 404);
    assertNames(api.get(VIEWS + "/No"), "name");
  }

  @Test
  void howFreshAllViewsAreIsSeenAtOneLook() {
    JOBS.make();

    JsonNode status = api.read("/v1/cache/status");
    JsonNode view = list(status, "views").getFirst();
    assertThat(view.path("view").asText()).isEqualTo("job_progress");
    assertThat(view.path("rating").asText()).isIn("Fast", "Normal", "Slow");
    assertThat(view.path("staleness_seconds").doubleValue()).isBetween(0.0, 60.0);
    assertThat(view.path("refreshes").asLong()).isPositive();
    JsonNode health =
        until(
            () -> api.read("/health").path("views"),
            views -> views.has("stale"),
            "views in health");
    assertThat(health.path("failing").isNumber()).isTrue();
    assertThat(api.get("/metrics").body())
        .contains("carillon_view_refresh_duration_seconds{view=\"job_progress\"}")
        .contains("carillon_view_jobs{view=\"job_progress\"}")
        .contains("carillon_view_stale{view=\"job_progress\"} 0.0");
  }

  @Test
  void aViewThatGetsOldIsAnAlarmUntilItIsRefreshed() {
    JOBS.make();
    int before = JOBS.server().err().size();
    try {
      JOBS.database()
          .jdbi()
          .useHandle(handle ->
              handle.execute(
                  "UPDATE registered_view SET objective_millis = 100 WHERE name = 'job_progress'"));
      until(
          () -> list(api.read("/v1/cache/status"), "views").getFirst(),
          view -> view.path("stale").asBoolean(),
          "stale");
      untilTold(before, "view job_progress is stale");
    } finally {
      JOBS.database()
          .jdbi()
          .useHandle(handle ->
              handle.execute(
                  "UPDATE registered_view SET objective_millis = 300000 WHERE name = 'job_progress'"));
    }
    untilTold(before, "view job_progress is fresh again");
  }

  /** Waits for a line of the server's log after the first so many. */
  private static void untilTold(int before, String words) {
    until(
        () -> JOBS.server().err(),
        err -> err.stream().skip(before).anyMatch(line -> line.contains(words)),
        words);
  }

  @Test
  void aScheduleRefreshesAView() {
    assertThat(
            api.read("/v1/schedules/job_progress?group=views").path("target").path("view").asText())
        .isEqualTo("job_progress");
    HttpResponse<String> run = api.post("/v1/schedules/job_progress/run?group=views");
    assertThat(run.statusCode()).as(run.body()).isBetween(200, 202);
    until(
        () -> texts(list(api.read(PROGRESS + "/history"), "history"), "source"),
        sources -> sources.contains("schedule"),
        "refreshed by the schedule");
  }

  private HttpResponse<String> make(String name, String query, boolean incremental) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("name", name).put("query", query).put("incremental", incremental);
    return api.send("POST", VIEWS, body.toString());
  }

  private static String query(String sql) {
    return JsonNodeFactory.instance.objectNode().put("query", sql).toString();
  }

  private String last(String path) {
    return list(api.read(path), "rows").getFirst().path("latest").asText();
  }

  private static boolean isUpToDate(JsonNode freshness) {
    return freshness.path("tier").asText().equals("keyed")
        && freshness.path("exact").booleanValue()
        && freshness.path("pending_changes").asLong(-1) == 0
        && freshness.path("slo_met").booleanValue();
  }

  private long objects(String path) {
    return list(api.read(path), "rows").stream()
        .mapToLong(row -> row.path("objects").asLong())
        .sum();
  }
}
