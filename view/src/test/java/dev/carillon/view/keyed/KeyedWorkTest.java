package dev.carillon.view.keyed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.view.PostgresVersion;
import dev.carillon.view.ViewName;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever writes to the tables, the views equal their queries once the keys are worked off. */
@ParameterizedClass
@EnumSource(PostgresVersion.class)
class KeyedWorkTest {

  private static final List<String> STATEMENTS =
      List.of(
          "INSERT INTO item (id, job) VALUES (1001, NULL), (1002, 7)",
          "UPDATE item SET status = 'b', amount = 100 WHERE id < 50",
          "UPDATE item SET job = job + 1",
          "UPDATE item SET job = NULL WHERE job = 1",
          "UPDATE item SET job = 1 WHERE job IS NULL",
          "UPDATE item SET status = NULL WHERE id % 2 = 0",
          "UPDATE item SET hidden = NOT hidden",
          "UPDATE item SET at = at + interval '1 day' WHERE job = 3",
          "UPDATE job SET id = id + 5 WHERE id > 5",
          "UPDATE job SET name = NULL WHERE id = 2",
          "UPDATE note SET job = NULL WHERE id < 5",
          "DELETE FROM note WHERE job = 3",
          "DELETE FROM item",
          "DELETE FROM job WHERE id = 4",
          "INSERT INTO job VALUES (0, 'zero'), (10, 'ten'), (11, 'eleven')",
          "TRUNCATE item",
          "TRUNCATE job, note",
          "INSERT INTO item (id, job) SELECT g, 3 FROM generate_series(200, 400) g"
              + " ON CONFLICT (id) DO UPDATE SET job = excluded.job",
          "MERGE INTO item USING (SELECT generate_series(250, 350) AS g) s ON s.g = item.id"
              + " WHEN MATCHED AND id % 3 = 0 THEN DELETE"
              + " WHEN MATCHED THEN UPDATE SET job = 9, amount = 1"
              + " WHEN NOT MATCHED THEN INSERT (id, job) VALUES (s.g, 10)",
          "COPY item (id, job) FROM PROGRAM 'printf \"7001,1\\\\n7002,\\\\n\"' (FORMAT csv)");

  private static final ViewName INVERSE = new ViewName("inverse");

  private final Yard yard;

  KeyedWorkTest(PostgresVersion version) {
    this.yard = Yard.of(version);
    yard.fill();
    yard.workOff();
    assertThat(yard.differences()).isZero();
  }

  @Test
  void whatAStatementTouchedIsWorkedOff() {
    for (String sql : STATEMENTS) {
      yard.run("TRUNCATE item, job, note");
      yard.fill();
      yard.workOff();

      yard.run(sql);

      yard.assertKept();
      assertThat(yard.isExact()).as(sql).isTrue();
    }
  }

  @Test
  void onlyRowsThatDifferAreWritten() {
    yard.run("UPDATE item SET amount = amount WHERE job = 3");
    yard.run("UPDATE item SET amount = 9999 WHERE id = 4");

    Worked worked = yard.keyed().work(Yard.GROUPS);

    assertThat(worked.keys()).isGreaterThan(1);
    assertThat(worked.written()).isEqualTo(1);
    assertThat(worked.removed()).isZero();
  }

  @Test
  void aRowWithoutTheKeyTouchesNoJob() {
    yard.run("INSERT INTO note VALUES (100, NULL, 'x')");
    yard.run("UPDATE note SET job = 5 WHERE id = 100");

    assertThat(yard.keyed().state(Yard.JOBS).pending()).isEqualTo(1);
    yard.assertKept();
  }

  @Test
  void workIsBounded() {
    yard.run("INSERT INTO job SELECT g, 'more' FROM generate_series(101, 220) g");

    assertThat(yard.keyed().work(Yard.JOBS))
        .isEqualTo(new Worked(Yard.LIMITS.maxRows(), 50, 50, 0, true, false));
    assertThat(yard.keyed().state(Yard.JOBS).pending()).isEqualTo(70);
    yard.assertKept();
  }

  @Test
  void aTransactionThatIsOpenDuringMuchWorkIsSeenWhenItCommits() throws Exception {
    try (Connection connection = yard.connection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("UPDATE item SET amount = 500 WHERE id IN (3, 4, 5)");
      for (int i = 0; i < 4; i++) {
        yard.run("UPDATE item SET amount = -1 WHERE id = " + (43 + i));
        yard.assertKept();
      }
      yard.keyed().resync(Yard.JOBS);
      yard.keyed().resync(Yard.GROUPS);
      assertThat(yard.differences()).isZero();
      connection.commit();
    }
    assertThat(yard.differences()).isPositive();
    yard.assertKept();
  }

  @Test
  void aTruncateWithAnOlderSnapshotLosesNothing() throws Exception {
    try (Connection connection = yard.connection();
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
      statement.execute("SELECT count(*) FROM pg_class");
      yard.run("INSERT INTO item (id, job) VALUES (9001, 9)");
      yard.workOff();
      statement.execute("TRUNCATE item");
      statement.execute("COMMIT");
    }

    yard.assertKept();
    assertThat(yard.count("SELECT count(*) FROM item_groups")).isZero();
    assertThat(yard.isExact()).isTrue();
  }

  @Test
  void replicaSessionsAreSeen() {
    yard.jdbi()
        .useHandle(handle -> {
          handle.execute("SET session_replication_role = replica");
          handle.execute("UPDATE item SET job = 4 WHERE id < 100");
          handle.execute("RESET session_replication_role");
        });

    yard.assertKept();
  }

  @Test
  void aUserWithoutAnyRightOnTheViewMayWrite() {
    yard.run("DROP ROLE IF EXISTS clerk");
    yard.run("CREATE ROLE clerk");
    yard.run("GRANT USAGE ON SCHEMA play TO clerk");
    yard.run("GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON item TO clerk");
    yard.jdbi()
        .useTransaction(handle -> {
          handle.execute("SET LOCAL ROLE clerk");
          handle.execute("SET LOCAL search_path = pg_temp, play");
          handle.execute("UPDATE item SET job = 4 WHERE id < 100");
        });

    yard.assertKept();
    yard.run("DROP OWNED BY clerk");
    yard.run("DROP ROLE clerk");
  }

  @Test
  void whatIsInTheViewIsToldByTime() {
    KeyedState clean = yard.keyed().state(Yard.GROUPS);
    assertThat(clean.asOf()).isEqualTo(clean.readAt());
    assertThat(clean.workedAt()).isNotNull();

    yard.run("UPDATE item SET amount = 7 WHERE id = 1");

    KeyedState pending = yard.keyed().state(Yard.GROUPS);
    assertThat(pending.pending()).isEqualTo(1);
    assertThat(pending.asOf()).isBefore(pending.readAt()).isAfter(clean.readAt());
    assertThat(pending.storage().keptBytes()).isPositive();
  }

  @Test
  void aQueryThatFailsForAKeyLeavesAllAsItWas() {
    yard.keyed()
        .create(
            INVERSE,
            Yard.query("SELECT job, 1 / min(amount + 1) AS x FROM item GROUP BY job"),
            List.of());
    yard.run("UPDATE item SET amount = -1 WHERE id = 1");

    assertThatThrownBy(() -> yard.keyed().work(INVERSE)).hasMessageContaining("division by zero");
    assertThat(yard.keyed().state(INVERSE).pending()).isEqualTo(1);
  }
}
