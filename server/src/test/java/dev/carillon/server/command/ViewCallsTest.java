package dev.carillon.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.command.AnsweringServer.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewCallsTest {

  private static final String FRESHNESS =
      "{\"as_of\":\"2026-11-22T09:00:00Z\",\"lag_ms\":40,\"exact\":true}";

  @TempDir private Path folder = Path.of("");

  private final AnsweringServer server = new AnsweringServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void viewsAreATable() {
    server.answers.put(
        "GET /v1/views",
        ("200 {\"views\":[{\"name\":\"a\",\"tier\":\"full\",\"freshness\":%s,\"stale\":false},"
                + "{\"name\":\"b\",\"tier\":\"full\",\"freshness\":null,\"stale\":true,"
                + "\"stale_reason\":\"never\"},"
                + "{\"name\":\"c\",\"tier\":\"keyed\",\"freshness\":%s,\"stale\":false},"
                + "{\"name\":\"d\",\"tier\":\"ledger\",\"freshness\":%s,\"stale\":false},"
                + "{\"name\":\"e\",\"tier\":\"keyed\",\"freshness\":%s,\"stale\":false,"
                + "\"failures\":2,\"last_error\":\"division by zero\"}]}")
            .formatted(FRESHNESS, kept(7, null), kept(0, "a trigger is off"), kept(1, null)));

    assertThat(run("list").out().lines())
        .containsExactly(
            "NAME  TIER    AS OF                 LAG    PENDING  EXACT  STATE",
            "a     full    2026-11-22T09:00:00Z  40 ms           yes    fresh",
            "b     full    never filled                          no     STALE: never",
            "c     keyed   2026-11-22T09:00:01Z  5 ms   7        yes    fresh",
            "d     ledger  2026-11-22T09:00:01Z  5 ms   0        no     not exact: a trigger is off",
            "e     keyed   2026-11-22T09:00:01Z  5 ms   1        yes    FAILING: division by zero");
  }

  @Test
  void showHasTheLastRefreshes() {
    server.answers.put(
        "GET /v1/views/a", "200 {\"name\":\"a\",\"freshness\":%s}".formatted(FRESHNESS));
    server.answers.put(
        "GET /v1/views/a/history?limit=10",
        "200 {\"history\":[{\"ended_at\":\"nine\",\"source\":\"manual\",\"outcome\":\"failed\","
            + "\"duration_ms\":5,\"rows\":null,\"note\":\"gone\"}]}");

    assertThat(run("show", "a").out().lines())
        .containsExactly(
            "name    a",
            "as_of   2026-11-22T09:00:00Z",
            "lag_ms  40",
            "exact   true",
            "",
            "ENDED  BY      OUTCOME  TOOK  ROWS  NOTE",
            "nine   manual  failed   5 ms        gone");
  }

  @Test
  void refreshSaysWhatTheViewHolds() {
    server.answers.put("POST /v1/views/a/refresh", "200 {\"rows\":3,\"total_jobs\":null}");

    assertThat(run("refresh", "a")).isEqualTo(new Result(0, "rows        3\n", ""));
    assertThat(server.asked.getFirst().body()).isEqualTo("{\"source\":\"manual\"}");

    server.answers.put("POST /v1/views/a/refresh", "409 {\"detail\":\"busy\",\"errors\":[]}");
    assertThat(run("refresh", "a")).isEqualTo(new Result(1, "", "carillon: busy\n"));
  }

  @Test
  void rowsAreATableOfTheColumns() {
    server.answers.put(
        "GET /v1/views/a/rows?limit=100&sort=-n&n%5Bgte%5D=2&s%5Beq%5D=x%20y",
        ("200 {\"columns\":{\"n\":\"bigint\",\"s\":\"text\"},\"rows\":[{\"n\":2,\"s\":\"x y\"}],"
                + "\"freshness\":%s,\"has_more\":true}")
            .formatted(FRESHNESS));

    assertThat(run("rows", "a", "--sort=-n", "--where", "n>=2", "--where", "s=x y").out().lines())
        .containsExactly("n  s", "2  x y", "1 rows and more, as of 2026-11-22T09:00:00Z");
  }

  @Test
  void createSendsWhatTheFileSays() throws IOException {
    Path file = Files.writeString(folder.resolve("v.sql"), "SELECT 1 AS n");
    server.answers.put("POST /v1/views", "201 {\"name\":\"v\",\"freshness\":null}");

    Result result =
        run("create", "v", "--file", file.toString(), "--key", "n", "--interval", "30s");

    assertThat(result.out())
        .contains("empty until its first refresh: by its schedule, or carillon view refresh v");
    assertThat(server.asked.getFirst().body())
        .isEqualTo(
            "{\"name\":\"v\",\"incremental\":false,\"query\":\"SELECT 1 AS n\",\"interval\":\"30s\","
                + "\"objective\":null,\"keys\":[\"n\"]}");
  }

  @Test
  void explainSaysWhyAndWhatToChange() {
    server.answers.put("GET /v1/views/a", "200 {\"query\":\"SELECT max(n) FROM t\"}");
    server.answers.put(
        "POST /v1/views/explain",
        "200 {\"tier\":\"full\",\"parts\":[{\"source\":\"t\",\"keys\":[\"n\"]}],\"obstacles\":["
            + "{\"tier\":\"ledger\",\"reason\":\"max is not linear\",\"hint\":\"Use a count\"}]}");

    assertThat(run("explain", "a").out().lines())
        .containsExactly(
            "full: run again whole, at each refresh",
            "  a ledger could keep counts of t by n",
            "  not ledger: max is not linear. Use a count");
    assertThat(server.asked.getLast().body()).isEqualTo("{\"query\":\"SELECT max(n) FROM t\"}");
  }

  @Test
  void explainSaysWhatIsRunAgainForWhichKeys() {
    server.answers.put(
        "GET /v1/views/a", "200 {\"query\":\"SELECT 1\",\"key_columns\":[\"x\",\"y\"]}");
    server.answers.put(
        "POST /v1/views/explain",
        "200 {\"tier\":\"keyed\",\"keys\":[\"n\"],\"parts\":[],\"obstacles\":["
            + "{\"tier\":\"ledger\",\"reason\":\"max is not linear\",\"hint\":\"Use a count\"}]}");

    assertThat(run("explain", "--query", "SELECT 1", "--key", "n").out().lines())
        .containsExactly(
            "keyed: run again for what was touched (--incremental)",
            "  runs the query for each touched n",
            "  not ledger: max is not linear. Use a count");
    assertThat(server.asked.getLast().body())
        .isEqualTo("{\"query\":\"SELECT 1\",\"keys\":[\"n\"]}");
    assertThat(run("explain", "a").exit()).isZero();
    assertThat(server.asked.getLast().body())
        .isEqualTo("{\"query\":\"SELECT 1\",\"keys\":[\"x\",\"y\"]}");
  }

  @Test
  void createAsksForTheBestOrForOneTier() {
    server.answers.put("POST /v1/views", "201 {\"name\":\"v\",\"tier\":\"keyed\"}");

    assertThat(run("create", "v", "--query", "SELECT 1", "--incremental").out())
        .contains("tier  keyed");
    assertThat(server.asked.getLast().body())
        .contains("\"incremental\":true")
        .doesNotContain("tier");
    assertThat(run("create", "v", "--query", "SELECT 1", "--tier", "ledger").exit()).isZero();
    assertThat(server.asked.getLast().body())
        .contains("\"tier\":\"ledger\"")
        .doesNotContain("incremental");
    assertThat(run("create", "v", "--incremental", "--tier", "full").exit()).isEqualTo(2);
  }

  @Test
  void dropSaysSo() {
    server.answers.put("DELETE /v1/views/a", "204 ");

    assertThat(run("drop", "a")).isEqualTo(new Result(0, "dropped a\n", ""));
  }

  @Test
  void theCacheFailsIfAViewIsStale() {
    server.answers.put(
        "GET /v1/cache/status",
        "200 {\"views\":[{\"view\":\"a\",\"tier\":\"full\",\"staleness_seconds\":61.5,\"stale\":true,"
            + "\"exact\":true,\"reason\":\"late\",\"rating\":\"Fast\",\"last_duration_ms\":12,"
            + "\"refreshes\":3,\"failures\":1}],\"stale\":1}");

    Result result = server.run("cache");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out().lines())
        .containsExactly(
            "VIEW  TIER  AGE     STATE  RATING  TOOK   PENDING  REFRESHED  FAILED  WHY",
            "a     full  61.5 s  STALE  Fast    12 ms           3          1       late");
    server.answers.put("GET /v1/cache/status", "200 {\"views\":[],\"stale\":0}");
    assertThat(server.run("cache").exit()).isZero();
  }

  @Test
  void badUsageEndsWithTwo() {
    List<Result> results =
        List.of(
            run("rows", "a", "--where", "n"),
            run("explain"),
            run("explain", "a", "--query", "SELECT 1"),
            run("create", "v", "--file", folder.resolve("none").toString()),
            run("create", "v", "--file", "x", "--query", "y"),
            AnsweringServer.execute(List.of("view")));

    assertThat(results).extracting(Result::exit).containsOnly(2);
    assertThat(server.asked).isEmpty();
  }

  private static String kept(int pending, @Nullable String reason) {
    return "{\"as_of\":\"2026-11-22T09:00:01Z\",\"lag_ms\":5,\"pending_changes\":%d,\"exact\":%s,\"reason\":%s}"
        .formatted(pending, reason == null, reason == null ? "null" : '"' + reason + '"');
  }

  private Result run(String... arguments) {
    return server.run("view", arguments);
  }
}
