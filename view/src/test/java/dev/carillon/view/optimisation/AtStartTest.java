package dev.carillon.view.optimisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.carillon.postgres.Database;
import dev.carillon.view.PostgresVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(PostgresVersion.class)
class AtStartTest {

  private static final int PROCESSES = 4;

  private final Database database;
  private final Optimisations optimisations;

  AtStartTest(PostgresVersion version) {
    database = version.migrated();
    optimisations = OptimisationsTest.of(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void smallTablesAreOptimisedOnce() {
    AtStart start = new AtStart(optimisations);

    assertThat(start.run(Progress.SILENT))
        .isEqualTo(new AtStart.Outcome.Applied(List.of("002_job_indexes", "003_job_progress")));
    assertThat(start.run(Progress.SILENT)).isEqualTo(new AtStart.Outcome.Nothing());
  }

  @Test
  void largeTablesAreLeftUntilSomebodyMigratesThem() {
    run("INSERT INTO jobs (bucket) SELECT 'b' FROM generate_series(1, 2000)");
    AtStart start = new AtStart(optimisations, 1000);

    assertThat(start.run(Progress.SILENT))
        .isInstanceOfSatisfying(
            AtStart.Outcome.Left.class,
            left -> assertThat(left.message()).contains("002_job_indexes", "run carillon migrate"));
    assertThat(number("SELECT count(*) FROM pg_class WHERE relname = 'job_progress'")).isZero();

    optimisations.migrate(Progress.SILENT);
    assertThat(start.run(Progress.SILENT)).isEqualTo(new AtStart.Outcome.Nothing());
  }

  @Test
  void aTableIsMeasuredByItsLastAnalyse() {
    run("INSERT INTO jobs (bucket) SELECT 'b' FROM generate_series(1, 2000)");
    run("ANALYZE jobs");

    assertThat(new AtStart(optimisations, 1999).run(Progress.SILENT))
        .isInstanceOf(AtStart.Outcome.Left.class);
    assertThat(new AtStart(optimisations, 2000).run(Progress.SILENT))
        .isInstanceOf(AtStart.Outcome.Applied.class);
  }

  @Test
  void ofSeveralThatStartAtOnceOneDoesIt() throws InterruptedException, ExecutionException {
    List<AtStart.Outcome> outcomes = new ArrayList<>();
    try (ExecutorService processes = Executors.newFixedThreadPool(PROCESSES)) {
      List<Future<AtStart.Outcome>> running = new ArrayList<>();
      for (int i = 0; i < PROCESSES; i++) {
        AtStart start = new AtStart(OptimisationsTest.of(database));
        running.add(processes.submit(() -> start.run(Progress.SILENT)));
      }
      for (Future<AtStart.Outcome> one : running) {
        outcomes.add(one.get());
      }
    }

    assertThat(outcomes).filteredOn(AtStart.Outcome.Applied.class::isInstance).hasSize(1);
    assertThat(outcomes).noneMatch(AtStart.Outcome.Failed.class::isInstance);
    assertThat(new AtStart(optimisations).run(Progress.SILENT))
        .isEqualTo(new AtStart.Outcome.Nothing());
  }

  @Test
  void whileAnotherMigratesItIsLeftToThat() {
    try (Turn _ = Turn.take(database.jdbi()).orElseThrow()) {
      assertThat(new AtStart(optimisations).run(Progress.SILENT))
          .isEqualTo(new AtStart.Outcome.Left("another process optimises jobs"));
      assertThat(Turn.take(database.jdbi())).isEqualTo(Optional.empty());
      assertThatIllegalStateException()
          .isThrownBy(() -> Turn.await(database.jdbi(), Duration.ZERO, Progress.SILENT))
          .withMessageContaining("try again");
    }
    assertThat(new AtStart(optimisations).run(Progress.SILENT))
        .isInstanceOf(AtStart.Outcome.Applied.class);
  }

  @Test
  void aRoleThatMayNotCreateGoesOn() {
    run("DROP ROLE IF EXISTS humble");
    run("CREATE ROLE humble LOGIN");
    run("REVOKE CREATE ON SCHEMA public FROM PUBLIC");

    try (Database theirs = as("humble")) {
      assertThat(new AtStart(OptimisationsTest.of(theirs)).run(Progress.SILENT))
          .isInstanceOfSatisfying(
              AtStart.Outcome.Left.class,
              left -> assertThat(left.message()).contains("may not create"));
    }
    run("GRANT CREATE ON SCHEMA public TO humble");
    try (Database theirs = as("humble")) {
      assertThat(new AtStart(OptimisationsTest.of(theirs)).run(Progress.SILENT))
          .isInstanceOfSatisfying(
              AtStart.Outcome.Failed.class,
              failed -> assertThat(failed.message()).contains("ERROR", "run carillon migrate"));
    }
    run("DROP OWNED BY humble");
    run("DROP ROLE humble");
  }

  private Database as(String role) {
    String place =
        database
            .jdbi()
            .withHandle(h ->
                h.createQuery("SELECT inet_server_port() || '/' || current_database()")
                    .mapTo(String.class)
                    .one());
    return Database.open(
        Database.Address.of("jdbc:postgresql://127.0.0.1:%s?user=%s".formatted(place, role)));
  }

  private void run(String sql) {
    database.jdbi().useHandle(handle -> handle.execute(sql));
  }

  private long number(String sql) {
    return database.jdbi().withHandle(h -> h.createQuery(sql).mapTo(Long.class).one());
  }
}
