package dev.carillon.view.optimisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.carillon.postgres.Database;
import dev.carillon.postgres.Statements;
import dev.carillon.view.PostgresVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(PostgresVersion.class)
class UpgradeTest {

  private final Database database;
  private final Optimisations optimisations;

  UpgradeTest(PostgresVersion version) {
    database = version.empty();
    optimisations = OptimisationsTest.of(database);
    Statements byHand = Statements.beside(UpgradeTest.class, "made_by_hand.sql");
    byHand.names().forEach(name -> run(byHand.get(name)));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aDeploymentMadeByHandIsBroughtUpToDateWithItsData() {
    String before = checksums();

    Report report = optimisations.migrate(Progress.SILENT);

    assertThat(report.steps())
        .allSatisfy(step -> {
          assertThat(step.left()).isEmpty();
          assertThat(step.result()).isEqualTo(Step.Result.APPLIED);
        });
    assertThat(checksums()).isEqualTo(before);
    assertThat(number("SELECT sum(total_objects) FROM job_progress")).isEqualTo(5000);
    assertThat(number("SELECT count(*) FROM active_jobs_progress WHERE queued_count > 0"))
        .isEqualTo(100);
    assertThat(number("SELECT total_objects FROM materialized_view_refresh_log")).isEqualTo(5000);
    run("SELECT refresh_job_progress()");
    run("REFRESH MATERIALIZED VIEW CONCURRENTLY job_progress");
  }

  @Test
  void whatOthersMadeOfTheViewGoesOnWithItsRightsAndOptions() {
    run("DROP ROLE IF EXISTS somebody");
    run("CREATE ROLE somebody");
    run("GRANT SELECT ON theirs TO somebody");
    run("GRANT SELECT ON job_progress TO somebody WITH GRANT OPTION");
    long theirs = number("SELECT 'theirs'::regclass::oid::bigint");

    optimisations.migrate(Progress.SILENT);

    assertThat(number("SELECT 'theirs'::regclass::oid::bigint")).isEqualTo(theirs);
    assertThat(number("SELECT all_objects FROM deeper")).isEqualTo(5000);
    assertThat(text("SELECT reloptions::text FROM pg_class WHERE oid = 'theirs'::regclass"))
        .contains("security_barrier=true");
    assertThat(text("SELECT has_table_privilege('somebody', 'theirs', 'SELECT')::text"))
        .isEqualTo("true");
    assertThat(
            text(
                "SELECT has_table_privilege('somebody', 'job_progress', 'SELECT WITH GRANT OPTION')::text"))
        .isEqualTo("true");
    assertThat(
            number(
                "SELECT count(*) FROM pg_indexes WHERE tablename = 'job_progress' AND indexname IN ('By Total', 'job_progress_by_hand')"))
        .isEqualTo(2);
    run("DROP OWNED BY somebody");
    run("DROP ROLE somebody");
  }

  @Test
  void readersNeverMissTheView() throws InterruptedException, ExecutionException {
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong reads = new AtomicLong();
    List<String> queries =
        List.of(
            "SELECT sum(total_objects) FROM job_progress",
            "SELECT sum(total_objects) FROM theirs",
            "SELECT all_objects FROM deeper");
    try (ExecutorService readers = Executors.newFixedThreadPool(queries.size())) {
      List<Future<?>> running = new ArrayList<>();
      for (String query : queries) {
        running.add(
            readers.submit(() -> {
              while (!over.get()) {
                assertThat(number(query)).isEqualTo(5000);
                reads.incrementAndGet();
              }
            }));
      }
      try {
        assertThat(optimisations.migrate(Progress.SILENT).verified()).isTrue();
      } finally {
        over.set(true);
      }
      for (Future<?> reader : running) {
        reader.get();
      }
    }
    assertThat(reads).hasPositiveValue();
  }

  @Test
  void aMaterializedViewThatOthersMadeOfItIsNamedAndNothingIsChanged() {
    run("CREATE MATERIALIZED VIEW heavy AS SELECT * FROM theirs");
    long before = number("SELECT 'job_progress'::regclass::oid::bigint");

    assertThatIllegalStateException()
        .isThrownBy(() -> optimisations.migrate(Progress.SILENT))
        .withMessageContaining("heavy");
    assertThat(number("SELECT 'job_progress'::regclass::oid::bigint")).isEqualTo(before);
  }

  @Test
  void aLogWithFewerColumnsGetsTheOthers() {
    run(
        "CREATE TABLE materialized_view_refresh_log (view_name text PRIMARY KEY, last_refreshed_at timestamptz NOT NULL)");

    assertThat(optimisations.migrate(Progress.SILENT).verified()).isTrue();
  }

  private String checksums() {
    return text(
        """
        SELECT md5(string_agg(line, '|' ORDER BY line))
        FROM (SELECT (job_id, bucket, prefix, created_at, updated_at)::text AS line FROM jobs
              UNION ALL SELECT job_objects::text FROM job_objects) lines
        """);
  }

  private void run(String sql) {
    database.jdbi().useHandle(handle -> handle.execute(sql));
  }

  private long number(String sql) {
    return database.jdbi().withHandle(h -> h.createQuery(sql).mapTo(Long.class).one());
  }

  private String text(String sql) {
    return database.jdbi().withHandle(h -> h.createQuery(sql).mapTo(String.class).one());
  }
}
