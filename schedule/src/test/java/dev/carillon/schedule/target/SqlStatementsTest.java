package dev.carillon.schedule.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carillon.postgres.Database;
import dev.carillon.schedule.TestDatabases;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlStatementsTest {

  @Test
  void aFileIsAListOfNamedStatements() {
    SqlStatements statements =
        SqlStatements.parse(
            """
            -- What our schedules may do.

            -- name: close_day
            -- Books the day.
            UPDATE day SET closed = :closed::boolean WHERE day = :day;

            -- name: refresh
            REFRESH MATERIALIZED VIEW CONCURRENTLY totals
            """);

    assertThat(statements.names()).containsExactly("close_day", "refresh");
    assertThat(statements.find("close_day"))
        .contains(
            new SqlStatement(
                "close_day",
                "UPDATE day SET closed = ?::boolean WHERE day = ?",
                List.of("closed", "day")));
    assertThat(statements.find("drop_all")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SELECT 1; DROP TABLE users     | semicolon before its end
          SELECT ';'                     | semicolon before its end
          COMMIT                         | begins with 'COMMIT': CALL, DELETE, INSERT
          SET ROLE admin                 | begins with 'SET'
          DROP TABLE users               | begins with 'DROP'
          ;                              | begins with ''
          SELECT ?                       | parameters are written as :name
          """)
  void whatIsNotOneHarmlessStatementIsRefused(String sql, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SqlStatements.parse("-- name: it\n" + sql))
        .withMessageContaining("'it'")
        .withMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SELECT 1                                 | begins with something else
          -- name: a b\\nSELECT 1                   | the name 'a b' must have
          -- name: a\\nSELECT 1\\n-- name: a\\nSELECT 2 | two statements named 'a'
          """)
  void whatIsNoListIsRefused(String text, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SqlStatements.parse(text.replace("\\n", "\n")))
        .withMessageContaining(why);
  }

  @Test
  void theDatabasePreparesEachAndRunsNone() throws SQLException {
    try (Database database = TestDatabases.migrated()) {
      SqlStatements statements =
          SqlStatements.parse(
              """
              -- name: good
              DELETE FROM schedule_sql_run WHERE ran_at < :before::timestamptz RETURNING run_id
              -- name: gone
              DELETE FROM no_such_table
              -- name: emptying
              INSERT INTO schedule_sql_run VALUES (:run, now())
              -- name: typo
              SELECT 1 FRUM x
              """);

      assertThat(statements.check(database))
          .hasSize(2)
          .anySatisfy(problem -> assertThat(problem).contains("'gone'", "no_such_table"))
          .anySatisfy(problem -> assertThat(problem).contains("'typo'", "syntax error"));
      assertThat(SqlTargetTest.count(database, "schedule_sql_run")).isZero();
    }
  }
}
