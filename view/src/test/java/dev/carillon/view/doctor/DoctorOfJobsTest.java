package dev.carillon.view.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.view.PostgresVersion;
import dev.carillon.view.optimisation.JobIndex;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

class DoctorOfJobsTest {

  @Nested
  @ParameterizedClass
  @EnumSource(PostgresVersion.class)
  class WhereTheTablesOfJobsAre {

    private final Database database;
    private final Jdbi jdbi;

    WhereTheTablesOfJobsAre(PostgresVersion version) {
      database = version.migrated();
      jdbi = database.jdbi();
    }

    @AfterEach
    void close() {
      database.close();
    }

    @Test
    void missingIndexesAreMade() {
      Check check = new JobIndexes();
      List<Advice> advice = new Doctor(jdbi, List.of(check)).examine().advice();

      assertThat(advice).hasSameSizeAs(JobIndex.values());
      advice.stream()
          .flatMap(one -> one.remedies().stream())
          .forEach(remedy -> jdbi.useHandle(handle -> handle.execute(remedy.text())));
      assertThat(new Doctor(jdbi, List.of(check)).examine().worst()).isEqualTo(Severity.OK);
    }

    @Test
    void theirIndexesAreNeverCalledUnused() {
      for (JobIndex index : JobIndex.values()) {
        jdbi.useHandle(handle -> handle.execute(index.sql()));
      }
      jdbi.useHandle(handle -> handle.execute("CREATE INDEX ON job_objects (last_error)"));

      assertThat(new Doctor(jdbi, List.of(new UnusedIndexes(0, Duration.ZERO))).examine().advice())
          .extracting(Advice::finding)
          .filteredOn(one -> one.contains("job_objects") || one.contains("findings"))
          .singleElement()
          .asString()
          .contains("last_error");
    }

    @Test
    void fewObjectsNeedNothing() {
      assertThat(new Doctor(jdbi, List.of(new JobSize())).examine().advice())
          .singleElement()
          .satisfies(one -> {
            assertThat(one.severity()).isEqualTo(Severity.INFO);
            assertThat(one.finding()).contains("0 rows");
          });
    }

    @Test
    void aRoleThatMaySeeNothingIsToldWhatToAskFor() {
      jdbi.useHandle(handle -> {
        handle.execute("DROP ROLE IF EXISTS plain");
        handle.execute("CREATE ROLE plain");
      });
      // The superuser's own session is what the plain role cannot look into.
      List<Advice> advice =
          jdbi.inTransaction(handle -> {
            handle.execute("SET LOCAL ROLE plain");
            return Checks.usual().stream().flatMap(check -> check.look(handle).stream()).toList();
          });

      assertThat(advice)
          .filteredOn(one -> one.check().equals("old-snapshots"))
          .allSatisfy(one -> assertThat(one.severity()).isEqualTo(Severity.INFO));
      jdbi.useHandle(handle -> handle.execute("DROP ROLE plain"));
    }
  }

  @Nested
  class TheirNumber {

    @Test
    void decidesWhatIsAdvised() {
      assertThat(advice(50_000, false)).satisfies(one -> expect(one, Severity.INFO, ""));
      assertThat(advice(500_000, false))
          .satisfies(one -> expect(one, Severity.INFO, "carillon migrate 002_job_indexes"));
      assertThat(advice(5_000_000, false))
          .satisfies(one ->
              expect(one, Severity.WARNING, "carillon migrate 005_incremental_job_progress"));
      assertThat(advice(50_000_000, false))
          .satisfies(
              one -> expect(one, Severity.WARNING, "carillon migrate 004_partition_job_objects"));
    }

    @Test
    void isNoMatterOnceTheViewIsIncrementalAndTheTablePartitioned() {
      assertThat(new JobSize().judge(new JobSize.Objects(true, false, 50_000_000)).severity())
          .isEqualTo(Severity.OK);
    }

    private static Advice advice(long rows, boolean partitioned) {
      return new JobSize().judge(new JobSize.Objects(partitioned, true, rows));
    }

    private static void expect(Advice advice, Severity severity, String command) {
      assertThat(advice.severity()).isEqualTo(severity);
      assertThat(advice.remedies().stream().map(Remedy::text).toList())
          .isEqualTo(command.isEmpty() ? List.of() : List.of(command));
    }
  }
}
