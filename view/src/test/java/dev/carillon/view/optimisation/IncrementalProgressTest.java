package dev.carillon.view.optimisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.postgres.Database;
import dev.carillon.view.PostgresVersion;
import dev.carillon.view.Tier;
import dev.carillon.view.catalog.Catalog;
import dev.carillon.view.catalog.DataSource;
import dev.carillon.view.catalog.RegisteredView;
import dev.carillon.view.definition.ViewQuery;
import dev.carillon.view.job.JobFixture;
import dev.carillon.view.job.JobProgress;
import dev.carillon.view.job.JobReading;
import dev.carillon.view.job.JobReads;
import dev.carillon.view.ledger.Ledger;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(PostgresVersion.class)
class IncrementalProgressTest {

  private static final String VERSION = "005_incremental_job_progress";
  private static final UUID JOB = UUID.fromString("00000000-0000-0000-0000-000000000001");

  private static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final Database database;
  private final Optimisations optimisations;
  private final List<String> said = new ArrayList<>();

  IncrementalProgressTest(PostgresVersion version) {
    database = version.migrated();
    optimisations = OptimisationsTest.of(database);
    run(
        "INSERT INTO jobs (job_id, bucket) SELECT lpad(n::text, 32, '0')::uuid, 'b' FROM generate_series(1, 20) n");
    run(
        """
        INSERT INTO job_objects (job_id, bucket, key, etag, status)
        SELECT lpad((1 + n % 19)::text, 32, '0')::uuid, 'b', 'k' || n, 'e',
               (ARRAY['queued', 'processing', 'succeeded', 'failed'])[1 + n % 4]
        FROM generate_series(1, 1000) n
        """);
    run(
        """
        INSERT INTO findings (job_id, bucket, key, etag, detector, masked_match)
        SELECT job_id, bucket, key, etag, 'ssn', '***' FROM job_objects WHERE status = 'failed' LIMIT 100
        """);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void itShowsTheSameAndIsReadAsExact() {
    optimisations.migrate(said::add);
    run("UPDATE registered_view SET interval_millis = 30000, objective_millis = 90000");
    String columns = columns();

    Report report = optimisations.migrate(VERSION, said::add);

    assertThat(report.verified()).isTrue();
    assertThat(report.steps())
        .extracting(Step::name)
        .containsExactly("001_job_tables", "002_job_indexes", "003_job_progress", VERSION);
    assertThat(columns()).isEqualTo(columns);
    assertEqualAndExact();
    RegisteredView view =
        database.jdbi().withHandle(h -> Catalog.find(h, JobProgress.NAME)).orElseThrow();
    assertThat(view.tier()).isEqualTo(Tier.LEDGER);
    assertThat(view.query()).isEqualTo(JobProgress.incrementalQuery());
    assertThat(view.interval()).hasSeconds(30);
    assertThat(view.objective()).hasSeconds(90);
    assertThat(number("SELECT total_jobs FROM job_statistics")).isEqualTo(20);
    assertThat(number("SELECT count(*) FROM active_jobs_progress")).isEqualTo(20);
    run("SELECT refresh_job_progress()");
    assertThat(number("SELECT count(*) FROM materialized_view_refresh_log")).isZero();
    for (String name : List.of("job_progress", "active_jobs_progress", "job_statistics")) {
      assertThat(text("SELECT has_table_privilege('public', '%s', 'SELECT')".formatted(name)))
          .isEqualTo("t");
    }
    assertThat(optimisations.migrate(VERSION, said::add).steps())
        .extracting(Step::result)
        .containsOnly(Step.Result.ALREADY_THERE);
  }

  @Test
  void whatIsWrittenIsSeenAtOnce() {
    optimisations.migrate(VERSION, said::add);

    run("UPDATE job_objects SET status = 'succeeded' WHERE status = 'queued'");
    run("DELETE FROM findings WHERE job_id = '%s'".formatted(JOB));
    run("INSERT INTO jobs (bucket) VALUES ('new')");

    assertEqualAndExact();
  }

  @Test
  void aRollbackMakesTheMaterializedViewAgain() {
    optimisations.migrate(said::add);
    run("UPDATE registered_view SET interval_millis = 30000");
    optimisations.migrate(VERSION, said::add);

    Report report = optimisations.rollback("004", said::add);

    assertThat(report.steps()).extracting(Step::result).containsExactly(Step.Result.ROLLED_BACK);
    assertThat(text("SELECT relkind FROM pg_class WHERE relname = 'job_progress'")).isEqualTo("m");
    assertThat(text("SELECT tier || interval_millis FROM registered_view")).isEqualTo("FULL30000");
    assertThat(view()).isEqualTo(query());
    assertThat(number("SELECT total_objects FROM materialized_view_refresh_log")).isEqualTo(1000);
    assertNothingIsLeft();
    assertThat(optimisations.migrate(said::add).steps())
        .extracting(Step::result)
        .containsOnly(Step.Result.ALREADY_THERE);
  }

  @Test
  void allIsRolledBackInOneGo() {
    optimisations.migrate(VERSION, said::add);

    optimisations.rollback(said::add);

    assertThat(text("SELECT coalesce(to_regclass('job_progress')::text, 'none')"))
        .isEqualTo("none");
    assertNothingIsLeft();
  }

  @Test
  void aCrashOnceTheOldViewIsGoneIsEndedByAnyRun() {
    optimisations.migrate(said::add);
    crashAt("making the ledgers", () -> optimisations.migrate(VERSION, this::crashing));
    assertThat(reading().freshness().source()).isEqualTo(DataSource.REAL_TIME);
    assertThat(state(VERSION)).containsExactly(ProgressView.BEGUN);

    assertThat(optimisations.migrate(said::add).verified()).isTrue();

    assertEqualAndExact();
    assertThat(state(VERSION)).isEmpty();
  }

  @Test
  void aCrashOnceTheNewViewIsThereIsEndedByASecondRun() {
    optimisations.migrate(said::add);
    crashAt("making the ledgers", () -> optimisations.migrate(VERSION, this::crashing));
    new Ledger(database.jdbi())
        .create(
            JobProgress.NAME, (ViewQuery.Valid) ViewQuery.parse(JobProgress.incrementalQuery()));
    assertThat(reading().freshness().source()).isEqualTo(DataSource.REAL_TIME);

    assertThat(optimisations.migrate(VERSION, said::add).verified()).isTrue();

    assertEqualAndExact();
  }

  @Test
  void aRollbackThatCrashedIsEndedByASecondOneOrUndone() {
    optimisations.migrate(VERSION, said::add);
    crashAt("dropping the ledgers", () -> optimisations.rollback("004", this::crashing));
    assertThat(reading().freshness().source()).isEqualTo(DataSource.REAL_TIME);
    assertThat(optimisations.migrate(said::add).verified()).isTrue();
    assertEqualAndExact();
    crashAt("dropping the ledgers", () -> optimisations.rollback("004", this::crashing));

    optimisations.rollback("004", said::add);

    assertThat(text("SELECT relkind FROM pg_class WHERE relname = 'job_progress'")).isEqualTo("m");
    assertNothingIsLeft();
  }

  @Test
  void whatOthersMadeOfTheViewIsNamedAndNothingIsChanged() {
    optimisations.migrate(said::add);
    run("CREATE VIEW theirs AS SELECT job_id FROM job_progress");

    assertThatIllegalStateException()
        .isThrownBy(() -> optimisations.migrate(VERSION, said::add))
        .withMessageContaining("theirs");
    assertThat(text("SELECT relkind FROM pg_class WHERE relname = 'job_progress'")).isEqualTo("m");
    assertThat(number("SELECT count(*) FROM active_jobs_progress")).isEqualTo(20);
    assertThat(state("003_job_progress")).isEmpty();
  }

  @Test
  void whatNoLedgerCanKeepStaysAsItIs() {
    optimisations.migrate(said::add);
    run("ALTER TABLE job_objects SET UNLOGGED");

    assertThatIllegalStateException()
        .isThrownBy(() -> optimisations.migrate(VERSION, said::add))
        .withMessageContaining("job_objects is not a lasting table");
    assertThat(view()).isEqualTo(query());
    assertThat(state("003_job_progress")).isEmpty();
  }

  @Test
  void aTriggerThatWasTakenAwayIsToldAndMadeGood() {
    optimisations.migrate(VERSION, said::add);
    run("ALTER TABLE job_objects DISABLE TRIGGER USER");
    run("DELETE FROM job_objects WHERE job_id = '%s'".formatted(JOB));
    assertThat(state(VERSION)).singleElement().asString().contains("not exact");

    assertThat(optimisations.migrate(VERSION, said::add).verified()).isTrue();

    assertEqualAndExact();
  }

  @Test
  void partitionsBelowItAreCounted() {
    optimisations.migrate(VERSION, said::add);
    assertThat(optimisations.migrate("004", said::add).verified()).isTrue();
    assertThat(view()).isEqualTo(query());

    assertThat(optimisations.migrate(VERSION, said::add).verified()).isTrue();
    run("UPDATE job_objects SET status = 'failed' WHERE status = 'processing'");

    assertEqualAndExact();
    optimisations.rollback("003", said::add);
    assertThat(view()).isEqualTo(query());
    assertNothingIsLeft();
  }

  private String crashLine = "";

  private void crashing(String line) {
    if (line.contains(crashLine)) {
      throw new Crash();
    }
  }

  private void crashAt(String line, Runnable work) {
    crashLine = line;
    assertThatThrownBy(work::run).isInstanceOf(Crash.class);
  }

  private void assertEqualAndExact() {
    assertThat(view()).isEqualTo(query());
    JobReading reading = reading();
    assertThat(reading.freshness().source()).isEqualTo(DataSource.CACHED);
    assertThat(reading.freshness().tier()).isEqualTo(Tier.LEDGER);
    assertThat(reading.freshness().exact()).isTrue();
    assertThat(reading.progress().total())
        .isEqualTo(number("SELECT count(*) FROM job_objects WHERE job_id = '%s'".formatted(JOB)));
  }

  private void assertNothingIsLeft() {
    assertThat(
            number(
                "SELECT count(*) FROM pg_class WHERE relname LIKE 'carillon\\_job\\_progress%' AND relnamespace = current_schema()::regnamespace"))
        .isZero();
    assertThat(
            number(
                "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'carillon\\_job\\_progress%'"))
        .isZero();
    assertThat(number("SELECT count(*) FROM ledger_part")).isZero();
  }

  private List<String> state(String name) {
    return optimisations.states().stream()
        .filter(one -> one.name().equals(name))
        .flatMap(one -> one.differences().stream())
        .toList();
  }

  private JobReading reading() {
    return new JobReads(database.jdbi()).find(JOB, JobReads.Mode.CACHED).orElseThrow();
  }

  private Object view() {
    return JobFixture.rows(database, "SELECT * FROM job_progress");
  }

  private Object query() {
    return JobFixture.rows(database, JobProgress.query());
  }

  private String columns() {
    return text(
        """
        SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum)
        FROM pg_attribute WHERE attrelid = 'job_progress'::regclass AND attnum > 0 AND NOT attisdropped
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
