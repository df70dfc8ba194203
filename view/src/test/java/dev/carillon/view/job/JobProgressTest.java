package dev.carillon.view.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.view.PostgresVersion;
import dev.carillon.view.job.JobGenerator.Moved;
import dev.carillon.view.job.JobGenerator.Shape;
import dev.carillon.view.job.JobReads.Mode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(PostgresVersion.class)
class JobProgressTest {

  private static final Shape SHAPE = new Shape("reports", 4, 150, 0, 7, 3);

  private final Database database;
  private final JobGenerator generator;

  JobProgressTest(PostgresVersion version) {
    database = version.migrated();
    generator = new JobGenerator(database.jdbi());
  }

  @BeforeEach
  void makeView() {
    JobFixture.makeView(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void countsAddUpAndPercentNeverExceedsWhatIsDoneWhileJobsMoveOn() {
    List<UUID> jobs = generator.make(SHAPE);
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int step = 0; step < 40; step++) {
      generator.moveOn(jobs.get(random.nextInt(jobs.size())), 1 + random.nextInt(60), SHAPE);
      refresh();
      for (Map<String, Object> row : view()) {
        assertThat(row).as("seed %d, step %d", seed, step).satisfies(JobProgressTest::addsUp);
      }
      assertThat(view()).as("seed %d, step %d", seed, step).isEqualTo(incremental());
    }
    JobReads reads = new JobReads(database.jdbi());
    JobFixture.age(database);
    refresh();
    for (UUID job : jobs) {
      assertThat(reads.find(job, Mode.CACHED).orElseThrow().progress())
          .isEqualTo(reads.find(job, Mode.REAL_TIME).orElseThrow().progress());
    }
  }

  @Test
  void findingsDoNotMultiplyObjects() {
    UUID job = generator.make(new Shape("reports", 1, 10, 100, 1_000, 1)).getFirst();
    refresh();

    assertThat(view())
        .singleElement()
        .satisfies(row -> {
          assertThat(row).containsEntry("job_id", job);
          assertThat(row).containsEntry("total_objects", 10L).containsEntry("total_findings", 10L);
        });
  }

  @Test
  void aJobWithoutObjectsIsAtZero() {
    generator.make(Shape.of(1, 0));
    refresh();

    assertThat(view().getFirst())
        .containsEntry("progress_percent", new BigDecimal("0.00"))
        .containsEntry("total_objects", 0L);
  }

  @Test
  void oneObjectOfManyThatIsLeftIsNotRoundedAway() {
    UUID job = generator.make(Shape.of(1, 50_000).done(100)).getFirst();
    database
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "UPDATE job_objects SET status = 'queued' WHERE key = 'part/0000000001.csv'"));
    refresh();

    assertThat(view().getFirst()).containsEntry("progress_percent", new BigDecimal("99.99"));
    Progress live =
        new JobReads(database.jdbi()).find(job, Mode.REAL_TIME).orElseThrow().progress();
    assertThat(live.percent()).isEqualByComparingTo("99.99");
    assertThat(live.status()).isEqualTo(JobStatus.PROCESSING);
  }

  @Test
  void helperViewsSumItUp() {
    generator.make(Shape.of(2, 10));
    generator.make(Shape.of(1, 10).done(100));
    generator.make(Shape.of(1, 10).done(40));
    refresh();

    assertThat(query("SELECT * FROM active_jobs_progress")).hasSize(3);
    assertThat(query("SELECT * FROM job_statistics").getFirst())
        .containsEntry("total_jobs", 4L)
        .containsEntry("completed_jobs", 1L)
        .containsEntry("in_progress_jobs", 1L)
        .containsEntry("pending_jobs", 2L)
        .containsEntry("avg_progress", new BigDecimal("35.00"));
  }

  @Test
  void theFunctionRefreshesWithItsLogRow() {
    generator.make(Shape.of(2, 10));
    refresh();
    refresh();

    assertThat(query("SELECT * FROM materialized_view_refresh_log").getFirst())
        .containsEntry("total_jobs", 2)
        .containsEntry("total_objects", 20L);
  }

  @Test
  void afterFiveMinutesItShouldBeRefreshed() {
    assertThat(shouldRefresh("now() - interval '4 minutes 59 seconds'")).isFalse();
    assertThat(shouldRefresh("now() - interval '5 minutes 1 second'")).isTrue();
    assertThat(shouldRefresh("NULL")).isTrue();
  }

  @Test
  void theGeneratorMovesAJobToItsEnd() {
    UUID job = generator.make(SHAPE).getFirst();
    assertThat(generator.moveOn(job, 100, SHAPE)).isEqualTo(new Moved(100, 0, 0));
    Moved second = generator.moveOn(job, 100, SHAPE);
    assertThat(second.begun()).isEqualTo(50);
    assertThat(second.ended()).isEqualTo(100);
    generator.moveOn(job, 100, SHAPE);
    assertThat(generator.moveOn(job, 100, SHAPE).nothing()).isTrue();

    Progress progress =
        new JobReads(database.jdbi()).find(job, Mode.REAL_TIME).orElseThrow().progress();
    assertThat(progress.failed()).isEqualTo(150 / 7);
    assertThat(progress.findings()).isEqualTo(150 / 3 - 150 / 21);
    assertThat(progress.status()).isEqualTo(JobStatus.COMPLETED);
  }

  @Test
  void deletingAJobDeletesWhatBelongsToIt() {
    UUID job = generator.make(Shape.of(1, 20).done(100)).getFirst();

    boolean deleted = database.jdbi().inTransaction(handle -> JobTables.delete(handle, job));

    assertThat(deleted).isTrue();
    assertThat(query("SELECT 1 FROM job_objects")).isEmpty();
    assertThat(query("SELECT 1 FROM findings")).isEmpty();
  }

  private static void addsUp(Map<String, Object> row) {
    long total = number(row, "total_objects").longValue();
    long done = number(row, "succeeded_count").add(number(row, "failed_count")).longValue();
    BigDecimal waiting = number(row, "queued_count").add(number(row, "processing_count"));
    BigDecimal percent = number(row, "progress_percent");
    assertThat(total).isEqualTo(done + waiting.longValue());
    assertThat(percent).isBetween(BigDecimal.ZERO, new BigDecimal("100"));
    assertThat(percent.compareTo(new BigDecimal("100")) == 0).isEqualTo(done == total);
  }

  private static BigDecimal number(Map<String, Object> row, String column) {
    return new BigDecimal(String.valueOf(row.get(column)));
  }

  private List<Map<String, Object>> view() {
    return JobFixture.rows(database, "SELECT * FROM job_progress");
  }

  private List<Map<String, Object>> incremental() {
    return JobFixture.rows(database, JobProgress.incrementalQuery());
  }

  private void refresh() {
    database.jdbi().useHandle(handle -> handle.execute("SELECT refresh_job_progress()"));
  }

  private boolean shouldRefresh(String time) {
    return database
        .jdbi()
        .withHandle(handle ->
            handle
                .select("SELECT should_refresh_progress(" + time + ")")
                .mapTo(Boolean.class)
                .one());
  }

  private List<Map<String, Object>> query(String sql) {
    return database.jdbi().withHandle(handle -> handle.select(sql).mapToMap().list());
  }
}
