package dev.carillon.view.optimisation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.view.MortalConnections;
import dev.carillon.view.PostgresVersion;
import dev.carillon.view.job.JobProgress;
import dev.carillon.view.ledger.Ledger;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever migrates may be killed before each step: all go on, and the next migration ends it. */
@ParameterizedClass
@EnumSource(PostgresVersion.class)
class KilledOptimisationTest {

  private static final int STRIDE = 50;
  private static final String INCREMENTAL = "005_incremental_job_progress";
  private static final String PARTITIONED = "004_partition_job_objects";
  private static final int BATCH = 300;
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

  private final String url;
  private final Database database;
  private final Optimisations optimisations;
  private final List<String> said = new ArrayList<>();

  KilledOptimisationTest(PostgresVersion version) {
    url = version.migratedUrl();
    database = Database.open(Database.Address.of(url));
    optimisations = OptimisationsTest.of(database);
    run(
        "INSERT INTO jobs (job_id, bucket) SELECT lpad(n::text, 32, '0')::uuid, 'b' FROM generate_series(0, 4) n");
    run(
        """
        INSERT INTO job_objects (job_id, bucket, key, etag, status)
        SELECT lpad((n % 5)::text, 32, '0')::uuid, 'b', 'k' || n, 'e', 'queued' FROM generate_series(1, 1000) n
        """);
    optimisations.migrate(said::add);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whoMakesJobProgressIncrementalMayBeKilledBeforeEachStep() {
    int steps =
        MortalConnections.killAtEachStep(
            url,
            STRIDE,
            jdbi -> new Conversion(jdbi, new Ledger(jdbi), CLOCK).toLedger(said::add),
            kills -> {
              write(kills);
              assertThat(optimisations.migrate(INCREMENTAL, said::add).verified()).isTrue();
              write(kills + 1);
              assertExact();
              optimisations.rollback("004", said::add);
              assertThat(number("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'carillon%'"))
                  .isZero();
            });

    assertThat(steps).isGreaterThan(40);
    assertExact();
  }

  @Test
  void whoTakesTheIncrementalOneAwayMayBeKilledBeforeEachStep() {
    optimisations.migrate(INCREMENTAL, said::add);
    int steps =
        MortalConnections.killAtEachStep(
            url,
            STRIDE,
            jdbi -> new Conversion(jdbi, new Ledger(jdbi), CLOCK).toNothing(said::add),
            kills -> {
              write(kills);
              if (kills % 2 == 0) {
                optimisations.rollback("004", said::add);
                assertThat(number("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'carillon%'"))
                    .isZero();
              }
              assertThat(optimisations.migrate(INCREMENTAL, said::add).verified()).isTrue();
              write(kills + 1);
              assertExact();
            });

    assertThat(steps).isGreaterThan(20);
  }

  @Test
  void whoPartitionsMayBeKilledBeforeEachStep() {
    int steps =
        MortalConnections.killAtEachStep(
            url,
            STRIDE,
            jdbi -> new PartitionedObjects(jdbi, BATCH).apply(said::add),
            kills -> {
              write(kills);
              long before = number("SELECT count(*) FROM job_objects");
              assertThat(optimisations.migrate(PARTITIONED, said::add).verified()).isTrue();
              assertThat(number("SELECT count(*) FROM job_objects")).isEqualTo(before);
              write(kills + 1);
              assertThat(new PartitionedObjects(database.jdbi(), BATCH).rollback(said::add))
                  .isTrue();
              assertThat(number("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'carillon%'"))
                  .isZero();
              assertThat(number("SELECT count(*) FROM job_objects")).isEqualTo(before + 10);
            });

    assertThat(steps).isGreaterThan(40);
  }

  /** What users do, whatever was left behind, succeeds. */
  private void write(int round) {
    run(
        """
        INSERT INTO job_objects (job_id, bucket, key, etag, status)
        SELECT lpad((n %% 5)::text, 32, '0')::uuid, 'b', 'w%d/' || n || '/' || clock_timestamp(), 'e', 'queued'
        FROM generate_series(1, 11) n
        """
            .formatted(round));
    run("UPDATE job_objects SET status = 'failed' WHERE key LIKE 'w%d/%%'".formatted(round));
    run(
        "DELETE FROM job_objects WHERE key = (SELECT max(key) FROM job_objects WHERE key LIKE 'w%d/%%')"
            .formatted(round));
  }

  private void assertExact() {
    assertThat(new Ledger(database.jdbi()).state(JobProgress.NAME).exact()).isTrue();
    assertThat(new Ledger(database.jdbi()).audit(JobProgress.NAME).mismatches()).isZero();
    assertThat(number("SELECT sum(total_objects)::bigint FROM job_progress"))
        .isEqualTo(number("SELECT count(*) FROM job_objects"));
  }

  private void run(String sql) {
    database.jdbi().useHandle(handle -> handle.execute(sql));
  }

  private long number(String sql) {
    return database.jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }
}
