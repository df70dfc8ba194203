package dev.carillon.view.job;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.postgres.Statements;
import dev.carillon.view.PostgresVersion;
import dev.carillon.view.capture.RawSql;
import dev.carillon.view.catalog.Catalog;
import dev.carillon.view.catalog.DataSource;
import dev.carillon.view.catalog.PastRefresh;
import dev.carillon.view.catalog.RefreshLog;
import dev.carillon.view.catalog.Refreshed;
import dev.carillon.view.full.FullRefresh;
import dev.carillon.view.full.RefreshLimits;
import dev.carillon.view.full.RefreshOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(PostgresVersion.class)
class DeploymentMadeByHandTest {

  private static final UUID OLD = UUID.fromString("00000000-0000-0000-0000-000000000001");

  private final Database database;

  DeploymentMadeByHandTest(PostgresVersion version) {
    database = version.empty();
    Statements byHand = Statements.beside(DeploymentMadeByHandTest.class, "made_by_hand.sql");
    database
        .jdbi()
        .useHandle(handle -> byHand.names().forEach(name -> handle.execute(byHand.get(name))));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void itsDataTriggersAndLogStayAsTheyAre() {
    List<Map<String, Object>> objects = rows("SELECT * FROM job_objects ORDER BY key");
    List<Map<String, Object>> triggers = triggers();

    database.migrate();

    assertThat(rows("SELECT * FROM job_objects ORDER BY key")).isEqualTo(objects);
    assertThat(triggers()).isEqualTo(triggers);
    Optional<Refreshed> last =
        database.jdbi().withHandle(handle -> RefreshLog.last(handle, JobProgress.NAME));
    assertThat(last)
        .hasValueSatisfying(
            one -> assertThat(one.at()).isEqualTo(Instant.parse("2026-01-02T03:04:05Z")));
  }

  @Test
  void itsLogMayBelongToSomebodyElse() {
    run("DROP ROLE IF EXISTS deployer");
    run("CREATE ROLE deployer");
    run("GRANT ALL ON SCHEMA public TO deployer");
    String migration = migration("V13__views.sql");

    database
        .jdbi()
        .useTransaction(handle -> {
          RawSql.execute(handle, "SET LOCAL ROLE deployer");
          RawSql.execute(handle, migration);
        });

    assertThat(rows("SELECT FROM view_refresh_history")).isEmpty();
    run("DROP OWNED BY deployer");
    run("DROP ROLE deployer");
  }

  @Test
  void anOlderOneGetsTheColumnThatItLacks() {
    database.migrate();

    Optional<Job> old = database.jdbi().withHandle(handle -> JobTables.find(handle, OLD));
    assertThat(old)
        .hasValueSatisfying(job -> {
          assertThat(job.executionArn()).isNull();
          assertThat(job.bucket()).isEqualTo("old");
        });
  }

  @Test
  void itsViewCanBeRefreshedAndJobsAreReadEvenIfItHasOtherColumns() {
    database.migrate();
    database
        .jdbi()
        .useHandle(handle -> Catalog.insert(handle, JobProgress.registration(Instant.EPOCH)));

    assertThat(
            new FullRefresh(database.jdbi(), RefreshLimits.DEFAULT, new Random(1))
                .refresh(JobProgress.NAME, PastRefresh.Cause.MIGRATE))
        .isInstanceOfSatisfying(
            RefreshOutcome.Refreshed.class,
            refreshed -> {
              assertThat(refreshed.report().concurrently()).isTrue();
              assertThat(refreshed.report().totals().jobs()).isNull();
            });
    JobReading old = new JobReads(database.jdbi()).find(OLD, JobReads.Mode.CACHED).orElseThrow();
    assertThat(old.freshness().source()).isEqualTo(DataSource.REAL_TIME);
    assertThat(old.freshness().reason()).contains("no job_progress");
    assertThat(old.progress().processed()).isEqualTo(2);
    assertThat(old.progress().percent()).isEqualByComparingTo("66.67");
  }

  private static String migration(String file) {
    try (InputStream in =
        requireNonNull(
            DeploymentMadeByHandTest.class.getResourceAsStream("/db/migration/" + file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run(String sql) {
    database.jdbi().useHandle(handle -> RawSql.execute(handle, sql));
  }

  private List<Map<String, Object>> triggers() {
    return rows(
        "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = ANY (ARRAY['jobs'::regclass, 'job_objects'::regclass, 'findings'::regclass]) ORDER BY 1, 2");
  }

  private List<Map<String, Object>> rows(String query) {
    return database.jdbi().withHandle(handle -> handle.createQuery(query).mapToMap().list());
  }
}
