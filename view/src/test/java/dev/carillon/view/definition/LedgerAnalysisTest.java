package dev.carillon.view.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.view.Tier;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerAnalysisTest {

  private static final String JOB_PROGRESS =
      """
      WITH o AS (
        SELECT job_id, count(*) AS total, count(*) FILTER (WHERE status = 'failed') AS failed,
               count(*) FILTER (WHERE status IN ('succeeded', 'failed')) AS done
        FROM job_objects GROUP BY job_id
      ), f AS (SELECT job_id, count(*) AS findings FROM findings GROUP BY job_id)
      SELECT j.id AS job_id, coalesce(o.total, 0) AS total_objects,
             round(100.0 * o.done / nullif(o.total, 0), 2) AS progress_percent,
             coalesce(f.findings, 0) AS total_findings, l.last_object_update, now() AS as_of
      FROM jobs j
      LEFT JOIN o ON o.job_id = j.id
      LEFT JOIN f ON f.job_id = j.id
      LEFT JOIN LATERAL (
        SELECT max(updated_at) AS last_object_update FROM job_objects x WHERE x.job_id = j.id
      ) l ON true
      """;

  @Test
  void aGroupedCountIsOnePart() {
    Part part =
        part("SELECT job_id, count(*) AS n FROM public.items i WHERE size > 0 GROUP BY job_id");

    assertThat(part)
        .isEqualTo(
            new Part("public.items", "i", List.of("job_id"), List.of(), "size > 0", Set.of()));
  }

  @Test
  void filteredCountsSumsAndAveragesAreKeptOnceEach() {
    Part part =
        part(
            """
            SELECT a, b, count(*), count(x), sum(x), avg(x), sum(x), count(*) FILTER (WHERE c = 'y')
            FROM t GROUP BY a, b\
            """);

    assertThat(part.measures())
        .extracting(Measure::sql)
        .containsExactly("count(x)", "coalesce(sum(x), 0)", "count(*) FILTER (WHERE c = 'y')");
  }

  @Test
  void theReadQueryAsksTheLiveViewAndKeepsTheNames() {
    assertThat(read("SELECT I.Job_Id, count(*), sum(x) s, avg(x) FROM items i GROUP BY job_id"))
        .isEqualTo(
            "SELECT p.k1 AS job_id, p.rows AS count, (CASE WHEN p.m1 <> 0 THEN p.m2 END) s, "
                + "(CAST(p.m2 AS numeric) / nullif(p.m1, 0)) AS avg FROM live_1 p");
  }

  @Test
  void whatIsComputedFromCountsIsComputedWhenItIsRead() {
    assertThat(read("SELECT a, round(100.0 * count(b) / count(*), 2) AS p FROM t GROUP BY a"))
        .isEqualTo("SELECT p.k1 AS a, round(100.0 * p.m1 / p.rows, 2) AS p FROM live_1 p");
  }

  @Test
  void havingAndOrderAreAppliedWhenItIsRead() {
    assertThat(
            read(
                "SELECT a, count(*) AS n FROM t GROUP BY a HAVING count(*) > 1 AND a <> 3"
                    + " ORDER BY n, a, count(b) DESC"))
        .isEqualTo(
            "SELECT p.k1 AS a, p.rows AS n FROM live_1 p WHERE p.rows > 1 AND p.k1 <> 3"
                + " ORDER BY n, a, p.m1 DESC");
  }

  @Test
  void expressionsOrdinalsAndResultNamesCanBeGroupedBy() {
    Part part =
        part(
            "SELECT date_trunc('day', t AT TIME ZONE 'UTC') AS day, lower(b), count(*)"
                + " FROM x GROUP BY day, 2");

    assertThat(part.keys()).containsExactly("date_trunc('day', t AT TIME ZONE 'UTC')", "lower(b)");
    assertThat(part.outputNames()).containsExactly("day");
  }

  @Test
  void aCountOfAWholeTableHasNoKeys() {
    assertThat(part("SELECT count(*) FROM t").keys()).isEmpty();
  }

  @Test
  void eachCountedQueryOfAJoinIsAPart() {
    ViewQuery.Valid query = ViewQueryTest.valid(JOB_PROGRESS);

    assertThat(query.analysis().tier()).isEqualTo(Tier.LEDGER);
    assertThat(query.analysis().parts())
        .extracting(Part::source)
        .containsExactly("job_objects", "findings");
    assertThat(query.readQuery(number -> "live_" + number))
        .contains("o AS (SELECT p.k1 AS job_id, p.rows AS total, p.m1 AS failed")
        .contains("FROM live_2 p")
        .contains("max(updated_at)");
  }

  @Test
  void derivedTablesAndUnionsAreSearchedToo() {
    ViewQuery.Valid query =
        ViewQueryTest.valid(
            "SELECT a, sum(n) FROM (SELECT a, b, count(*) AS n FROM t GROUP BY a, b) x GROUP BY a"
                + " UNION ALL SELECT c, count(*) FROM u GROUP BY c");

    assertThat(query.analysis().tier()).isEqualTo(Tier.LEDGER);
    assertThat(query.analysis().parts()).extracting(Part::source).containsExactly("t", "u");
  }

  @Test
  void quotedNamesStayWhatTheyAre() {
    Part part = part("SELECT T.\"Job\", count(\"x\") FROM \"My Table\" AS T GROUP BY \"Job\"");

    assertThat(part.source()).isEqualTo("\"My Table\"");
    assertThat(part.keys()).containsExactly("\"Job\"");
    assertThat(part.measures()).extracting(Measure::argument).containsExactly("x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"group", "order", "true", "user", "unknown", "left", "current_date"})
  void aKeyWordStaysQuoted(String word) {
    String quoted = '"' + word + '"';
    String sql =
        "SELECT %1$s, count(*) AS n, sum(%1$s) AS s FROM t GROUP BY %1$s".formatted(quoted);

    Part part = part(sql);
    assertThat(part.keys()).containsExactly(quoted);
    assertThat(part.measures()).extracting(Measure::argument).containsOnly(quoted);
    assertThat(read(sql)).startsWith("SELECT p.k1 AS %s, p.rows AS n, ".formatted(quoted));
  }

  @ParameterizedTest
  @ValueSource(strings = {"age", "now", "random"})
  void aColumnMayBeCalledLikeAFunctionThatNeedsParentheses(String word) {
    assertThat(part("SELECT %1$s, count(*) FROM t GROUP BY %1$s".formatted(word)).keys())
        .containsExactly(word);
  }

  @Test
  void aNameOfWithIsNoTable() {
    ViewQuery.Valid query =
        ViewQueryTest.valid("WITH t AS (SELECT 1 AS a) SELECT a, count(*) FROM t GROUP BY a");

    assertThat(query.analysis().parts()).isEmpty();
    assertThat(query.analysis().tier()).isNotEqualTo(Tier.LEDGER);
  }

  @Nested
  class NotByALedger {

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "SELECT a, min(b) FROM t GROUP BY a                          | min       | LATERAL",
          "SELECT a, max(b) + count(*) FROM t GROUP BY a               | max       | LATERAL",
          "SELECT a, count(DISTINCT b) FROM t GROUP BY a               | DISTINCT  | Group by",
          "SELECT a, bool_or(b) FROM t GROUP BY a                      | bool_or   | FILTER",
          "SELECT a, percentile_cont(0.5) WITHIN GROUP (ORDER BY b) FROM t GROUP BY a | percentile | Only",
          "SELECT a, array_agg(b) FROM t GROUP BY a                    | array_agg | Only",
          "SELECT a, sum(b ORDER BY c) FROM t GROUP BY a               | sum       | Only",
          "SELECT a, count(*) FROM t WHERE b > now() GROUP BY a        | now       | when the view is read",
          "SELECT a, count(*) FROM t WHERE b > current_date GROUP BY a | current_date | when the view is read",
          "SELECT a, count(*) FROM t WHERE b > localtimestamp GROUP BY a | localtimestamp | read",
          "SELECT a, count(*) FILTER (WHERE random() < 1) FROM t GROUP BY a | random | read",
          "SELECT a, count(*) FROM t WHERE b = current_user GROUP BY a | current_user | read",
          "SELECT a, b, count(*) FROM t GROUP BY a                     | b is neither | Group by it",
          "SELECT a, count(*) FROM t GROUP BY ROLLUP (a)               | ROLLUP    | WITH",
          "SELECT a, count(*) FROM t GROUP BY CUBE (a)                 | CUBE      | WITH",
          "SELECT a, count(*) FROM t GROUP BY GROUPING SETS ((a), ())  | GROUPING  | WITH",
          "SELECT a, count(*) FROM t TABLESAMPLE SYSTEM (10) GROUP BY a | TABLESAMPLE | whole",
          "SELECT a, count(*) FROM t AS x(b, a) GROUP BY a             | renamed   | in SELECT",
          "SELECT a, count(*) FROM ONLY t GROUP BY a                   | ONLY      | whole",
          "SELECT a, count(*), sum(count(*)) OVER () FROM t GROUP BY a | window    | WITH",
          "SELECT DISTINCT ON (a) a, count(*) FROM t GROUP BY a        | DISTINCT ON | WITH",
          "SELECT a, count(t.*) FROM t GROUP BY a                      | t.*       | column",
          "SELECT a, count(t) FROM t GROUP BY a                        | t is no   | column",
          "SELECT a, count(ctid) FROM t GROUP BY a                     | ctid      | column",
          "SELECT a, count(*) FROM t WHERE b IN (SELECT 1) GROUP BY a  | subquery  | outside",
          "SELECT j.id, count(o.id) FROM j LEFT JOIN o ON o.j = j.id GROUP BY j.id | join | alone",
          "SELECT *, count(*) FROM t GROUP BY a                        | *         | columns",
          "SELECT a FROM t                                             | no grouped | ordinary view",
          "SELECT a, (SELECT count(*) FROM u) FROM t                   | subquery  | WITH",
          "SELECT a, l.n FROM t, LATERAL (SELECT count(*) n FROM u) l  | lateral   | WHERE",
          "SELECT a, count(*) FROM generate_series(1, 3) a GROUP BY a  | not a table | table",
        })
    void theReasonAndWhatToChangeAreNamed(String sql, String reason, String hint) {
      Analysis analysis = ViewQueryTest.valid(sql).analysis();

      assertThat(analysis.tier()).isNotEqualTo(Tier.LEDGER);
      assertThat(analysis.obstacles(Tier.LEDGER))
          .anySatisfy(obstacle -> {
            assertThat(obstacle.reason()).containsIgnoringCase(reason);
            assertThat(obstacle.hint()).contains(hint);
          });
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "SELECT l.n FROM j, LATERAL (SELECT j.id, count(*) n FROM o WHERE o.j = j.id GROUP BY 1) l",
          "SELECT a, count(*) FROM t x WHERE y.b = 1 GROUP BY a",
          "SELECT a, count(*) FROM t GROUP BY 7",
        })
    void whatReachesOutsideOfItIsNoPart(String sql) {
      assertThat(ViewQueryTest.valid(sql).analysis().parts()).isEmpty();
    }
  }

  private static Part part(String sql) {
    Analysis analysis = ViewQueryTest.valid(sql).analysis();
    assertThat(analysis.obstacles(Tier.LEDGER)).isEmpty();
    assertThat(analysis.parts()).hasSize(1);
    return analysis.parts().getFirst();
  }

  private static String read(String sql) {
    return ViewQueryTest.valid(sql)
        .readQuery(number -> "\"a.\"\"b\".\"live_" + number + "\"")
        .replace("\"a.\"\"b\".\"live_1\"", "live_1");
  }
}
