package dev.carillon.view.optimisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.carillon.postgres.Database;
import dev.carillon.view.PostgresVersion;
import dev.carillon.view.full.FullRefresh;
import dev.carillon.view.full.RefreshLimits;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(PostgresVersion.class)
class OptimisationsTest {

  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

  private final Database database;
  private final Optimisations optimisations;
  private final List<String> said = new ArrayList<>();

  OptimisationsTest(PostgresVersion version) {
    database = version.migrated();
    optimisations = of(database);
    run(
        "INSERT INTO jobs (job_id, bucket) SELECT lpad(n::text, 32, '0')::uuid, 'b' FROM generate_series(1, 20) n");
    run(
        """
        INSERT INTO job_objects (job_id, bucket, key, etag, status)
        SELECT lpad((1 + n % 20)::text, 32, '0')::uuid, 'b', 'k' || n, 'e', 'succeeded' FROM generate_series(1, 1000) n
        """);
    run(
        """
        INSERT INTO findings (job_id, bucket, key, etag, detector, masked_match)
        SELECT job_id, bucket, key, etag, 'ssn', '***' FROM job_objects LIMIT 100
        """);
  }

  static Optimisations of(Database database) {
    return new Optimisations(
        database, new FullRefresh(database.jdbi(), RefreshLimits.DEFAULT, new Random(1)), CLOCK);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void allAreAppliedAndVerifiedAndASecondRunFindsThemThere() {
    Report first = optimisations.migrate(said::add);

    assertThat(first.verified()).isTrue();
    assertThat(first.steps())
        .extracting(Step::name)
        .containsExactly("001_job_tables", "002_job_indexes", "003_job_progress");
    assertThat(first.steps())
        .extracting(Step::result)
        .containsExactly(Step.Result.ALREADY_THERE, Step.Result.APPLIED, Step.Result.APPLIED);
    assertThat(first.nextSteps()).isNotEmpty();
    assertThat(said).anyMatch(line -> line.contains("idx_job_objects_job_status"));
    assertThat(number("SELECT sum(total_objects) FROM job_progress")).isEqualTo(1000);
    assertThat(number("SELECT total_objects FROM materialized_view_refresh_log")).isEqualTo(1000);
    assertThat(number("SELECT total_jobs FROM job_statistics")).isEqualTo(20);

    assertThat(optimisations.migrate(said::add).steps())
        .extracting(Step::result)
        .containsOnly(Step.Result.ALREADY_THERE);
  }

  @Test
  void aWrongNameListsWhatThereIs() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> optimisations.migrate("005_magic", said::add))
        .withMessageContaining("005_magic")
        .withMessageContaining("001_job_tables")
        .withMessageContaining("002_job_indexes")
        .withMessageContaining("003_job_progress")
        .withMessageContaining("004_partition_job_objects")
        .withMessageContaining("005_incremental_job_progress");
  }

  @Test
  void oneIsAppliedByItsNumberWithWhatItStandsOn() {
    assertThat(optimisations.migrate("002", said::add).steps()).hasSize(2);

    assertThat(optimisations.states().stream().filter(one -> one.differences().isEmpty()))
        .extracting(Optimisations.State::name)
        .containsExactly("001_job_tables", "002_job_indexes");
  }

  @Test
  void anInvalidIndexIsDroppedAndMadeAnew() {
    optimisations.migrate("002", said::add);
    run(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'idx_job_objects_job_status'::regclass");
    assertThat(optimisations.states().get(1).differences())
        .containsExactly("no valid index on job_objects (job_id, status)");

    assertThat(optimisations.migrate("002", said::add).verified()).isTrue();
  }

  @Test
  void anIndexOfTheNameOnOtherColumnsIsReplaced() {
    run("CREATE INDEX idx_job_objects_job_status ON job_objects (status)");

    assertThat(optimisations.migrate("002", said::add).verified()).isTrue();
    assertThat(
            text("SELECT indexdef FROM pg_indexes WHERE indexname = 'idx_job_objects_job_status'"))
        .contains("(job_id, status)");
  }

  @Test
  void anIndexOfAnotherNameThatDoesTheSameIsKept() {
    run("CREATE INDEX by_hand ON job_objects (job_id, status, key)");

    assertThat(optimisations.migrate("002", said::add).verified()).isTrue();
    assertThat(
            number(
                "SELECT count(*) FROM pg_indexes WHERE indexname = 'idx_job_objects_job_status'"))
        .isZero();
  }

  @Test
  void whatIsMissingAfterACrashIsMadeAndTheRestIsKept() {
    optimisations.migrate(said::add);
    run("DROP VIEW job_statistics");
    run("DROP INDEX idx_job_progress_job_id");
    run("DELETE FROM registered_view");
    run(
        "CREATE OR REPLACE FUNCTION refresh_job_progress() RETURNS void LANGUAGE sql AS 'SELECT 1'");
    long before = number("SELECT 'job_progress'::regclass::oid::bigint");

    Step step = optimisations.migrate(said::add).steps().getLast();

    assertThat(step.found()).hasSize(4);
    assertThat(step.verified()).isTrue();
    assertThat(number("SELECT 'job_progress'::regclass::oid::bigint")).isEqualTo(before);
  }

  @Test
  void rollbackRemovesAllButData() {
    String before = checksums();
    optimisations.migrate(said::add);

    Report report = optimisations.rollback(said::add);

    assertThat(report.steps())
        .extracting(Step::result)
        .containsExactly(
            Step.Result.NOT_THERE,
            Step.Result.NOT_THERE,
            Step.Result.ROLLED_BACK,
            Step.Result.ROLLED_BACK,
            Step.Result.NOT_THERE);
    assertThat(checksums()).isEqualTo(before);
    assertThat(text("SELECT coalesce(to_regclass('job_progress')::text, 'none')"))
        .isEqualTo("none");
    assertThat(number("SELECT count(*) FROM pg_indexes WHERE indexname LIKE 'idx_%'")).isZero();
    assertThat(number("SELECT count(*) FROM materialized_view_refresh_log")).isOne();
    assertThat(optimisations.rollback(said::add).steps())
        .extracting(Step::result)
        .containsOnly(Step.Result.NOT_THERE);
    assertThat(optimisations.migrate(said::add).verified()).isTrue();
  }

  @Test
  void rollbackDownToOneKeepsIt() {
    optimisations.migrate(said::add);

    optimisations.rollback("002_job_indexes", said::add);

    assertThat(optimisations.states().stream().filter(one -> one.differences().isEmpty()))
        .extracting(Optimisations.State::name)
        .containsExactly("001_job_tables", "002_job_indexes");
  }

  @Test
  void rollbackNamesWhatOthersMadeOfTheView() {
    optimisations.migrate(said::add);
    run("CREATE VIEW theirs AS SELECT job_id FROM job_progress");

    assertThatIllegalStateException()
        .isThrownBy(() -> optimisations.rollback(said::add))
        .withMessageContaining("theirs");
    assertThat(number("SELECT count(*) FROM theirs")).isEqualTo(20);
  }

  private String checksums() {
    return text(
        """
        SELECT md5(string_agg(line, '|' ORDER BY line))
        FROM (SELECT jobs::text AS line FROM jobs UNION ALL SELECT job_objects::text FROM job_objects
              UNION ALL SELECT findings::text FROM findings) lines
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
