package dev.carillon.view.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.view.Tier;
import dev.carillon.view.definition.KeyedPlan.KeyExpression;
import dev.carillon.view.definition.KeyedPlan.KeySource;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which key a view has, and what equals it in each table. */
class KeyedAnalysisTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT a, min(b) FROM t GROUP BY a                          | a | t: a?",
        "SELECT A AS x, max(b) FROM public.t GROUP BY 1              | x | public.t: a?",
        "SELECT lower(t.a) AS x, max(b) FROM t GROUP BY x            | x | t: lower(a)?",
        "SELECT a, count(DISTINCT b) FROM t WHERE c > 1 GROUP BY a HAVING count(*) > 2 | a | t: a?",
        "SELECT id, a FROM t                                         | id | t: id?",
        "SELECT j.id, max(o.x) FROM j JOIN o ON o.j = j.id GROUP BY j.id | id | j: id, o: j",
        "SELECT o.j, max(o.x) FROM j, o WHERE (o.j = j.id) AND o.x > 1 GROUP BY o.j | j | j: id, o: j",
        "SELECT j.id, max(o.x) FROM j LEFT JOIN o ON o.j = j.id GROUP BY j.id | id | j: id?, o: j",
        "SELECT j.id, max(o.x) FROM o RIGHT JOIN j ON o.j = j.id GROUP BY 1 | id | o: j, j: id?",
        "SELECT j.id, p.x FROM j LEFT JOIN o ON o.j = j.id LEFT JOIN p ON p.k = o.j | id | j: id?, o: j, p: k",
        "SELECT j.id, p.x FROM j LEFT JOIN (o JOIN p ON p.k = o.j) ON o.j = j.id | id | j: id?, o: j, p: k",
        "SELECT j, max(x) FROM o JOIN q USING (j) GROUP BY j          | j | o: j, q: j",
        "SELECT j.id, l.m FROM j LEFT JOIN LATERAL (SELECT max(x) m FROM o WHERE o.j = j.id) l ON true | id | j: id?, o: j",
        "SELECT j.id, l.m FROM j, LATERAL (SELECT x m FROM o WHERE j.id = o.j ORDER BY x LIMIT 1) l | id | j: id?, o: j",
        "SELECT j.id, (SELECT max(x) FROM o WHERE o.j = j.id) AS m FROM j | id | j: id?, o: j",
        "SELECT j.id FROM j WHERE EXISTS (SELECT 1 FROM o WHERE o.j = j.id) | id | j: id?, o: j",
        "SELECT j.id FROM j WHERE NOT EXISTS (SELECT 1 FROM o WHERE o.j = j.id AND o.x > 1) | id | j: id?, o: j",
        "SELECT j.id FROM j WHERE j.id IN (SELECT j FROM o)          | id | j: id?, o: j",
        "WITH o2 AS (SELECT j, max(x) m FROM o GROUP BY j) SELECT j.id, o2.m FROM j LEFT JOIN o2 ON o2.j = j.id | id | j: id?, o: j",
        "WITH a (k, n) AS (SELECT j, max(x) FROM o GROUP BY j) SELECT k, n FROM a | k | o: j?",
        "SELECT x.k, x.n FROM (SELECT j, max(x) FROM o GROUP BY j) AS x (k, n) | k | o: j?",
        "SELECT x.id FROM (SELECT * FROM t) x                        | id | t: id?",
        "SELECT a, x FROM t UNION ALL SELECT b, y FROM u             | a | t: a?, u: b?",
        "(SELECT a FROM t) EXCEPT SELECT b FROM u                    | a | t: a?, u: b?",
        "SELECT DISTINCT ON (a) a, b FROM t ORDER BY a, b            | a | t: a?",
        "SELECT a, b, rank() OVER (PARTITION BY t.a ORDER BY b) AS r FROM t | a | t: a?",
        "SELECT one.a, max(two.b) FROM t one JOIN t two ON two.p = one.a GROUP BY one.a | a | t: a, t: p",
        "SELECT a, n FROM t, generate_series(1, t.c) AS n            | a | ",
        "SELECT t.a, n FROM t, generate_series(1, t.c) AS n          | a | t: a?",
      })
  void everyTableIsFollowedToTheKey(String sql, String key, String sources) {
    if (sources == null) {
      assertThat(ViewQueryTest.valid(sql).keyed(List.of()))
          .isInstanceOf(KeyedReading.Impossible.class);
      return;
    }
    KeyedPlan plan = plan(sql);

    assertThat(plan.key()).containsExactly(key);
    assertThat(plan.touched()).containsExactly(key);
    assertThat(
            plan.sources().stream().map(KeyedAnalysisTest::words).collect(Collectors.joining(", ")))
        .isEqualTo(sources);
  }

  @Test
  void aKeyMayBeMoreThanWhatIsTouched() {
    KeyedPlan plan =
        plan("SELECT j.id, o.status, max(o.x) FROM j JOIN o ON o.j = j.id GROUP BY j.id, o.status");

    assertThat(plan.key()).containsExactly("id", "status");
    assertThat(plan.touched()).containsExactly("id");
  }

  @Test
  void aKeyOfSeveralColumnsIsTouchedInAll() {
    KeyedPlan plan = plan("SELECT a, b, max(c) FROM t GROUP BY a, b");

    assertThat(plan.touched()).containsExactly("a", "b");
    assertThat(plan.sources().getFirst().keys())
        .containsExactly(new KeyExpression("\"a\"", true), new KeyExpression("\"b\"", true));
  }

  @Test
  void aDeclaredKeyIsTaken() {
    ViewQuery.Valid query = ViewQueryTest.valid("SELECT t.a, t.b FROM t");

    assertThat(query.keyed(List.of("b")))
        .isInstanceOfSatisfying(
            KeyedReading.Possible.class,
            possible -> assertThat(possible.plan().key()).containsExactly("b"));
    assertThat(query.keyed(List.of("c"))).isInstanceOf(KeyedReading.Impossible.class);
  }

  @Test
  void aQueryThatOnlyKeysCanKeepIsOfTheMiddleTier() {
    assertThat(ViewQueryTest.valid("SELECT a, min(b) FROM t GROUP BY a").analysis().tier())
        .isEqualTo(Tier.KEYED);
    assertThat(ViewQueryTest.valid("SELECT min(b) FROM t").analysis().tier()).isEqualTo(Tier.FULL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT a, min(b) FROM t WHERE c > now() GROUP BY a          | now | when the view is read",
        "SELECT a, current_date AS d FROM t                          | current_date | read",
        "SELECT a, pg_catalog.random() AS d FROM t                   | random | read",
        "SELECT min(b) FROM t                                        | one row | Group",
        "SELECT min(b) FROM t GROUP BY a                             | does not show a | Show",
        "SELECT j.id, max(s.x) FROM j JOIN s ON s.k = j.kind GROUP BY j.id | a row of s | equality",
        "SELECT j.id, s.x FROM j CROSS JOIN s                        | a row of s | Join s",
        "SELECT o.j, max(o.x) FROM j LEFT JOIN o ON o.j = j.id GROUP BY o.j | no column | never missing",
        "SELECT o.x, o.j FROM (VALUES (1)) v(k) LEFT JOIN o ON o.j = v.k | no column | outer",
        "SELECT coalesce(j.id, o.j) AS k FROM j FULL JOIN o ON o.j = j.id | no column | outer",
        "SELECT j.id, o.x FROM j FULL JOIN o ON o.j = j.id           | no column | outer",
        "SELECT j.id FROM j LEFT JOIN o ON o.j = j.id AND j.x = o.y LEFT JOIN p ON j.id = j.x AND p.z = 1 | a row of p | Join p",
        "SELECT j.id FROM j WHERE j.id NOT IN (SELECT j FROM o)      | a row of o | equality",
        "SELECT j.id FROM j WHERE j.id IN (SELECT j FROM o) OR j.x   | a row of o | equality",
        "SELECT a, x FROM t ORDER BY x LIMIT 10                      | no column | LIMIT",
        "SELECT a, x FROM (SELECT a, x FROM t ORDER BY x LIMIT 10) s | no column | LIMIT",
        "SELECT a, x FROM (SELECT a, x FROM t UNION SELECT 1, 2 LIMIT 10) s | no column | LIMIT",
        "SELECT a, rank() OVER (ORDER BY b) AS r FROM t              | no column | Show",
        "SELECT a, rank() OVER w AS r FROM t WINDOW w AS (PARTITION BY b) | no column | Show",
        "SELECT a, max(b) FROM t GROUP BY ROLLUP (a)                 | does not show | Show",
        "WITH RECURSIVE r AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM r) SELECT a FROM r | RECURSIVE | out",
        "SELECT a, b FROM t TABLESAMPLE SYSTEM (10)                  | TABLESAMPLE | whole",
        "SELECT a FROM ONLY t                                        | ONLY | whole",
        "SELECT a, b FROM t NATURAL JOIN u                           | NATURAL | USING",
        "SELECT 1 AS a                                               | no table | ordinary",
        "SELECT id, x FROM j JOIN o ON o.j = j.id                    | no column | Show",
        "SELECT count(*) AS n, a + b AS k FROM t GROUP BY a, b       | does not show a | Show",
      })
  void theReasonAndWhatToChangeAreNamed(String sql, String reason, String hint) {
    assertThat(ViewQueryTest.valid(sql).keyed(List.of()))
        .isInstanceOfSatisfying(
            KeyedReading.Impossible.class,
            impossible ->
                assertThat(impossible.obstacles())
                    .anySatisfy(obstacle -> {
                      assertThat(obstacle.tier()).isEqualTo(Tier.KEYED);
                      assertThat(obstacle.reason()).contains(reason);
                      assertThat(obstacle.hint()).contains(hint);
                    }));
  }

  private static KeyedPlan plan(String sql) {
    KeyedReading reading = ViewQueryTest.valid(sql).keyed(List.of());
    assertThat(reading).as(sql).isInstanceOf(KeyedReading.Possible.class);
    return ((KeyedReading.Possible) reading).plan();
  }

  /** As {@code table: expression}, with a question mark where NULL counts. */
  private static String words(KeySource source) {
    return source.table()
        + ": "
        + source.keys().stream()
            .map(key -> key.sql().replace("\"", "") + (key.nulls() ? "?" : ""))
            .collect(Collectors.joining(", "));
  }
}
