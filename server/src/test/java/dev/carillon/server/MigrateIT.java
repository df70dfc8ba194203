package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.testkit.EmbeddedDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class MigrateIT {

  private static EmbeddedDatabase postgres = EmbeddedDatabase.forTests();

  @AfterAll
  static void stop() {
    postgres.close();
    assertThat(RunningServer.leaks()).isEmpty();
  }

  @Test
  void aFreshDatabaseIsMigratedOnceAndRolledBack() {
    Map<String, String> there = Map.of("DATABASE_URL", postgres.create("fresh"));

    CommandRun before = CommandRun.of(there, "migrate", "--list");
    assertThat(before.exit()).as(before.err()).isZero();
    assertThat(before.out())
        .containsPattern("003_job_progress +not applied")
        .contains("001_job_tables lacks:", "there is no table jobs");

    CommandRun first = CommandRun.of(there, "migrate");
    assertThat(first.exit()).as(first.err()).isZero();
    assertThat(first.out())
        .contains("tables: migrations applied", "002_job_indexes: applied and verified")
        .contains("filling it", "003_job_progress: applied and verified", "Next:");
    assertThat(first.err()).doesNotContain("Exception");

    assertThat(CommandRun.of(there, "migrate").out())
        .contains("tables: migrations applied: 0", "003_job_progress: already there");

    CommandRun wrong = CommandRun.of(there, "migrate", "007_magic");
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.out()).isEmpty();
    assertThat(wrong.err())
        .contains("no optimisation named 007_magic", "005_incremental_job_progress");

    CommandRun back = CommandRun.of(there, "migrate", "--rollback");
    assertThat(back.exit()).as(back.err()).isZero();
    assertThat(back.out()).contains("003_job_progress: removed", "no data was removed");
  }

  @Test
  void aDeploymentMadeByHandIsUpgradedWithItsData() {
    String url = postgres.create("by_hand");
    try (Database database = Database.open(Database.Address.of(url))) {
      for (String sql :
          List.of(
              "CREATE TABLE jobs (job_id uuid PRIMARY KEY DEFAULT gen_random_uuid(), bucket text NOT NULL, prefix text DEFAULT '', created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now())",
              "CREATE TABLE job_objects (job_id uuid REFERENCES jobs ON DELETE CASCADE, bucket text, key text, etag text, status text, last_error text, updated_at timestamptz DEFAULT now(), PRIMARY KEY (job_id, bucket, key, etag))",
              "INSERT INTO jobs (bucket) SELECT 'b' FROM generate_series(1, 10)",
              "INSERT INTO job_objects SELECT job_id, 'b', 'k' || n, 'e', 'queued' FROM jobs, generate_series(1, 100) n",
              "CREATE MATERIALIZED VIEW job_progress AS SELECT job_id, count(*) AS total_objects FROM job_objects GROUP BY 1",
              "CREATE VIEW theirs AS SELECT sum(total_objects) AS objects FROM job_progress")) {
        database.jdbi().useHandle(handle -> handle.execute(sql));
      }

      CommandRun upgraded = CommandRun.of(Map.of("DATABASE_URL", url), "migrate");
      CommandRun refused = CommandRun.of(Map.of("DATABASE_URL", url), "migrate", "005");
      database.jdbi().useHandle(handle -> handle.execute("DROP VIEW theirs"));
      CommandRun exact = CommandRun.of(Map.of("DATABASE_URL", url), "migrate", "005");
      database
          .jdbi()
          .useHandle(handle -> handle.execute("UPDATE job_objects SET status = 'failed'"));

      assertThat(upgraded.exit()).as(upgraded.err()).isZero();
      assertThat(upgraded.out()).contains("job_progress has another definition");
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.err())
          .contains("carillon: job_progress cannot be replaced: these are made of it: theirs")
          .doesNotContain("Exception", "\tat ");
      assertThat(exact.exit()).as(exact.err()).isZero();
      assertThat(exact.out()).contains("005_incremental_job_progress: applied and verified");
      assertThat(number(database, "SELECT sum(failed_count) FROM job_progress")).isEqualTo(1000);
    }
  }

  @Test
  void theDatabaseOfARunningServerIsReachedAsTheRefusalSays(@TempDir Path data) {
    try (RunningServer _ = RunningServer.start(Map.of("CARILLON_DATA", data.toString()))) {
      CommandRun refused = CommandRun.of(Map.of(), "migrate", "--data", data.toString());

      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.err().lines()).hasSize(1);
      assertThat(refused.err())
          .contains("another process uses the database in", "stop the server", "carillon migrate");
      Matcher url = Pattern.compile("DATABASE_URL=(\\S+)").matcher(refused.err());
      assertThat(url.find()).isTrue();
      CommandRun list = CommandRun.of(Map.of("DATABASE_URL", url.group(1)), "migrate", "--list");
      assertThat(list.out())
          .as("the server optimised its small tables by itself")
          .containsPattern("002_job_indexes +applied")
          .containsPattern("003_job_progress +applied")
          .containsPattern("005_incremental_job_progress +not applied \\(by name only\\)");
    }
  }

  private static long number(Database database, String sql) {
    return database.jdbi().withHandle(h -> h.createQuery(sql).mapTo(Long.class).one());
  }
}
