package dev.carillon.view.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ViewQueryTest {

  @Test
  void aSelectIsTakenAsItIsWritten() {
    ViewQuery.Valid query = valid("  SELECT a -- why\n FROM t /* ; */ ; -- the end\n");

    assertThat(query.text()).isEqualTo("SELECT a -- why\n FROM t /* ; */");
    assertThat(query.canonical()).isEqualTo("SELECT a FROM t");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT 1; DROP TABLE t            | 9  | one statement",
        "SELECT 1; SELECT 2                | 9  | one statement",
        "SELECT 1; ;DROP TABLE t           | 9  | one statement",
        "SELECT 1;COMMIT;DROP TABLE t      | 9  | one statement",
        "DROP TABLE t                      | 1  | made of a SELECT",
        "CREATE TABLE t (a int)            | 1  | made of a SELECT",
        "INSERT INTO t SELECT 1            | 1  | made of a SELECT",
        "DELETE FROM t                     | 1  | made of a SELECT",
        "TRUNCATE t                        | 1  | made of a SELECT",
        "EXPLAIN SELECT 1                  | 1  | made of a SELECT",
        "SELECT * FROM t FOR UPDATE        | 1  | lock rows",
        "SELECT * FROM t FOR SHARE         | 1  | lock rows",
        "SELECT a INTO b FROM t            | 1  | make a table",
        "SELECT a FROM (SELECT 1           | 22 | cannot be read",
        "SELEC 1                           | 1  | SELEC",
        "SELECT a + FROM t                 | 10 | cannot be read",
        "SELECT a FROM t WHERE b = 'x      | 1  | cannot be read",
        "COPY t TO PROGRAM 'rm'            | 1  | ",
      })
  void whatIsNoQueryIsRefusedWithItsPlace(String sql, int position, String words) {
    assertThat(ViewQuery.parse(sql))
        .isInstanceOfSatisfying(
            ViewQuery.Invalid.class,
            invalid -> {
              assertThat(invalid.reason()).contains(words == null ? "" : words);
              assertThat(invalid.position()).isBetween(1, sql.length());
              if (position > 1) {
                assertThat(invalid.position()).isBetween(position - 1, position + 2);
              }
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT a FROM t GROUP BY a // ; DROP TABLE t",
        "SELECT a FROM t GROUP BY a // ; COMMIT; DROP TABLE t",
        "SELECT a FROM t WHERE b = q'[' ; DROP TABLE t; --]'",
        "SELECT `a; DROP TABLE t; --` FROM t",
        "SELECT a, '\\'' ; DROP TABLE t; --' FROM t",
        "SELECT a, E'\\\\' ; DROP TABLE t; --' FROM t",
        "SELECT a // $$ \n , $$ ; DROP TABLE t; -- $$ \n FROM t",
      })
  void whatOnlyTheReaderTakesForACommentOrAStringHidesNoStatement(String sql) {
    assertThat(ViewQuery.parse(sql)).as(sql).isInstanceOf(ViewQuery.Invalid.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT a COLLATE \"C\" FROM t",
        "SELECT a FROM t ORDER BY a COLLATE \"C\"",
        "SELECT a, count(*) FROM t GROUP BY a collate \"C\"",
        "SELECT a FROM t WHERE a COLLATE \"C\" = 'x'",
      })
  void aCollationIsRefusedInWords(String sql) {
    assertThat(ViewQuery.parse(sql))
        .isInstanceOfSatisfying(
            ViewQuery.Invalid.class,
            invalid ->
                assertThat(invalid.reason())
                    .contains("COLLATE cannot be read", "where it is declared"));
  }

  @Test
  void aQuotedNameThatIsNotExpectedIsNamed() {
    assertThat(ViewQuery.parse("SELECT a b \"C d\" FROM t"))
        .isInstanceOfSatisfying(
            ViewQuery.Invalid.class,
            invalid -> assertThat(invalid.reason()).contains("from \"C d\" on"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d",
        "WITH d AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM d",
        "WITH d AS (UPDATE t SET a = 1 RETURNING *) SELECT * FROM d",
        "(WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d)",
        "WITH o AS (WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d) SELECT * FROM o",
        "SELECT 1 UNION ALL (WITH d AS (DELETE FROM t RETURNING 1) SELECT * FROM d)",
        "SELECT * FROM (WITH d AS (DELETE FROM t RETURNING 1) SELECT * FROM d) x",
      })
  void aQueryThatChangesRowsIsRefusedHoweverDeepItHides(String sql) {
    assertThat(ViewQuery.parse(sql)).isInstanceOf(ViewQuery.Invalid.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "   ", ";", "-- nothing", "/* nothing */", "\u0000", "SELECT '\u0000'"})
  void nothingIsRefused(String sql) {
    assertThat(ViewQuery.parse(sql)).isInstanceOf(ViewQuery.Invalid.class);
  }

  @Test
  void aQueryThatIsTooLongIsRefusedUnread() {
    String sql = "SELECT " + "1 + ".repeat(ViewQuery.MAX_LENGTH / 4) + "1";

    assertThat(ViewQuery.parse(sql)).isInstanceOf(ViewQuery.Invalid.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT 1; 'open", "SELECT 1; $$open", "SELECT 1; \\"})
  void whatIsOpenAtTheEndIsRefused(String sql) {
    assertThat(ViewQuery.parse(sql)).isInstanceOf(ViewQuery.Invalid.class);
  }

  @Test
  void deepNestingIsAnsweredInTime() {
    String sql = "SELECT " + "(".repeat(5_000) + "1" + ")".repeat(5_000);

    assertThat(ViewQuery.parse(sql)).isNotNull();
  }

  @Test
  void aSemicolonInAStringOrANameEndsNothing() {
    for (String sql :
        List.of(
            "SELECT ';' AS \"a;b\", $$;$$ FROM t",
            "SELECT a$b, 'it''s;', \"d\"\";e\" FROM t -- ;\n WHERE /* ; */ a = ';'",
            "SELECT a FROM t WHERE b = E'\\\\;' AND c = '' AND d = ''';'",
            "SELECT a FROM t WHERE b = 'c:\\'")) {
      assertThat(valid(sql + ";").text()).isEqualTo(sql);
    }
  }

  static ViewQuery.Valid valid(String sql) {
    ViewQuery query = ViewQuery.parse(sql);
    assertThat(query).as(sql).isInstanceOf(ViewQuery.Valid.class);
    return (ViewQuery.Valid) query;
  }
}
