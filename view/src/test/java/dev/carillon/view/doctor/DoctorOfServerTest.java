package dev.carillon.view.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.testkit.EmbeddedDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a server of one's own can show, since it is started again. */
class DoctorOfServerTest {

  private static final Check SLOW = new SlowStatements(3, Duration.ofMillis(20));

  @Test
  void theStepsToCountStatementsLeadToTheSlowOnesAndPreparedTransactionsAreFound(
      @TempDir Path folder) {
    try (EmbeddedDatabase server = EmbeddedDatabase.in(folder);
        Database database = open(server)) {
      Advice missing = look(database, SLOW).getFirst();
      assertThat(missing.severity()).isEqualTo(Severity.INFO);
      assertThat(missing.finding()).contains("not counted");
      assertThat(missing.remedies()).extracting(Remedy::kind).contains(Remedy.Kind.COMMAND);
      assertThat(missing.remedies().getLast().text()).contains("CREATE EXTENSION");
      obey(database, List.of(missing.remedies().getFirst()));
      run(database, "ALTER SYSTEM SET max_prepared_transactions = 5");
    }
    try (EmbeddedDatabase server = EmbeddedDatabase.in(folder);
        Database database = open(server)) {
      obey(database, look(database, SLOW).getFirst().remedies());
      assertThat(look(database, SLOW).getFirst().severity()).isEqualTo(Severity.OK);
      slowStatementsAreShownAndForgotten(database);
      aPreparedTransactionIsEnded(database);
    }
  }

  private static void slowStatementsAreShownAndForgotten(Database database) {
    for (int i = 0; i < 4; i++) {
      run(database, "SELECT pg_sleep(0.05)");
    }
    Advice slow = look(database, SLOW).getFirst();
    assertThat(slow.severity()).isEqualTo(Severity.WARNING);
    assertThat(slow.finding()).contains("4 calls: SELECT pg_sleep($1)");
    obey(database, slow.remedies());
    assertThat(look(database, SLOW).getFirst().severity()).isEqualTo(Severity.OK);
  }

  private static void aPreparedTransactionIsEnded(Database database) {
    Check check = new OldSnapshots(Duration.ZERO, Long.MAX_VALUE, Long.MAX_VALUE);
    run(database, "CREATE TABLE t (id int)");
    database
        .jdbi()
        .useHandle(handle ->
            handle.execute("BEGIN; INSERT INTO t VALUES (1); PREPARE TRANSACTION 'it''s old'"));

    Advice advice =
        look(database, check).stream()
            .filter(one -> one.severity() == Severity.PROBLEM)
            .findFirst()
            .orElseThrow();
    assertThat(advice.finding()).contains("it's old");
    obey(database, advice.remedies());
    assertThat(look(database, check)).noneMatch(one -> one.severity() == Severity.PROBLEM);
  }

  private static Database open(EmbeddedDatabase server) {
    // As psql does: EXPLAIN (GENERIC_PLAN) leaves parameters open.
    return Database.open(
        Database.Address.of(server.jdbcUrl("postgres") + "&preferQueryMode=simple"));
  }

  private static List<Advice> look(Database database, Check check) {
    return new Doctor(database.jdbi(), List.of(check)).examine().advice();
  }

  private static void obey(Database database, List<Remedy> remedies) {
    remedies.stream()
        .filter(remedy -> remedy.kind() == Remedy.Kind.SQL)
        .forEach(remedy -> run(database, remedy.text()));
  }

  private static void run(Database database, String sql) {
    database.jdbi().useHandle(handle -> handle.execute(sql));
  }
}
