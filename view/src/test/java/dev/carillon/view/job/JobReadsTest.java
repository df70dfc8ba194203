package dev.carillon.view.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.view.PostgresVersion;
import dev.carillon.view.Tier;
import dev.carillon.view.catalog.Catalog;
import dev.carillon.view.catalog.DataSource;
import dev.carillon.view.catalog.Freshness;
import dev.carillon.view.catalog.PastRefresh;
import dev.carillon.view.catalog.RegisteredView;
import dev.carillon.view.full.FullRefresh;
import dev.carillon.view.full.RefreshLimits;
import dev.carillon.view.full.RefreshOutcome;
import dev.carillon.view.full.RefreshReport;
import dev.carillon.view.full.Totals;
import dev.carillon.view.job.JobGenerator.Shape;
import dev.carillon.view.job.JobReads.Mode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(PostgresVersion.class)
class JobReadsTest {

  private static final Shape SHAPE = Shape.of(3, 200).done(50);

  private final String url;
  private final Database database;
  private final JobReads reads;
  private final JobGenerator generator;

  JobReadsTest(PostgresVersion version) {
    url = version.migratedUrl();
    database = Database.open(Database.Address.of(url));
    reads = new JobReads(database.jdbi());
    generator = new JobGenerator(database.jdbi());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Nested
  class WithoutAView {

    @Test
    void jobsAreCountedAndTheAnswerSaysWhy() {
      UUID job = generator.make(SHAPE).getFirst();

      JobReading reading = read(job, Mode.CACHED);
      assertThat(reading.progress().total()).isEqualTo(200);
      assertThat(reading.progress().percent()).isEqualByComparingTo("50");
      assertThat(reading.freshness().source()).isEqualTo(DataSource.REAL_TIME);
      assertThat(reading.freshness().reason()).contains("no job_progress");
    }

    @Test
    void whoWantsNoCountGetsNothing() {
      UUID job = generator.make(SHAPE).getFirst();

      assertThat(reads.find(job, Mode.ONLY_CACHED)).isEmpty();
      assertThat(reads.all(List.of(job), Mode.ONLY_CACHED)).isEmpty();
      assertThat(reads.all(List.of(job, new UUID(0, 1)), Mode.CACHED)).containsOnlyKeys(job);
    }

    @Test
    void theNewestMayBeActive() {
      UUID job = generator.make(SHAPE).getFirst();

      assertThat(reads.active()).contains(job).hasSize(3);
    }

    @Test
    void aViewThatMayNotBeReadCountsAsNone() {
      UUID job = generator.make(SHAPE).getFirst();
      JobFixture.makeView(database);
      refresh();
      JobReads stranger =
          new JobReads(
              Jdbi.create(() -> {
                Connection connection = DriverManager.getConnection(url);
                connection.createStatement().execute("SET ROLE stranger");
                return connection;
              }));
      database
          .jdbi()
          .useHandle(handle -> {
            handle.execute(
                "DO $$ BEGIN CREATE ROLE stranger; EXCEPTION WHEN duplicate_object THEN END $$");
            handle.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO stranger");
            handle.execute("REVOKE ALL ON job_progress FROM PUBLIC, stranger");
          });

      assertThat(stranger.find(job, Mode.CACHED).orElseThrow().freshness().reason())
          .contains("no job_progress");
    }

    @Test
    void oneThatIsNotFilledYetCountsAsNone() {
      UUID job = generator.make(SHAPE).getFirst();
      JobFixture.makeView(database);

      assertThat(read(job, Mode.CACHED).freshness().reason()).contains("no job_progress");
    }

    @Test
    void aListIsCountedInPagesThatAreNotTooLarge() {
      generator.make(Shape.of(JobReads.MAX_LIVE_PAGE + 5, 2));

      assertThat(reads.list(null, 500, Mode.CACHED).jobs()).hasSize(JobReads.MAX_LIVE_PAGE + 5);
      JobPage page = reads.list(null, 500, Mode.REAL_TIME);
      assertThat(page.jobs()).hasSize(JobReads.MAX_LIVE_PAGE);
      assertThat(page.next()).isNotNull();
    }
  }

  @Nested
  class WithAView {

    private final List<UUID> jobs = new ArrayList<>();

    WithAView() {
      JobFixture.makeView(database);
      jobs.addAll(generator.make(SHAPE));
      JobFixture.age(database);
      refresh();
    }

    @Test
    void aJobIsReadFromItWithItsTime() {
      RefreshReport report = refresh();

      Freshness freshness = read(jobs.getFirst(), Mode.CACHED).freshness();

      assertThat(freshness.source()).isEqualTo(DataSource.CACHED);
      assertThat(freshness.refreshedAt()).isEqualTo(report.asOf());
      assertThat(freshness.refreshDuration()).isEqualTo(report.duration());
      assertThat(freshness.tier()).isEqualTo(Tier.FULL);
      assertThat(freshness.objectiveMet()).isTrue();
    }

    @Test
    void whatIsCachedStaysUntilTheNextRefreshAndRealTimeDoesNotWait() {
      UUID job = jobs.getFirst();
      generator.moveOn(job, 20, SHAPE);

      assertThat(read(job, Mode.CACHED).progress().processing()).isZero();
      assertThat(read(job, Mode.REAL_TIME).progress().processing()).isEqualTo(20);
      assertThat(read(job, Mode.REAL_TIME).freshness().reason()).isNull();
      refresh();
      assertThat(read(job, Mode.CACHED).progress()).isEqualTo(read(job, Mode.REAL_TIME).progress());
    }

    @Test
    void aJobThatItDoesNotHaveIsCounted() {
      UUID job = generator.make(SHAPE).getFirst();

      assertThat(read(job, Mode.CACHED).freshness().reason()).contains("last refresh");
      refresh();
      assertThat(read(job, Mode.CACHED).freshness().reason()).contains("interval");
      JobFixture.age(database);
      refresh();
      assertThat(read(job, Mode.CACHED).freshness().source()).isEqualTo(DataSource.CACHED);
    }

    @Test
    void withoutARecordOfItsRefreshItIsNotTrusted() {
      database
          .jdbi()
          .useHandle(handle -> handle.execute("DELETE FROM materialized_view_refresh_log"));

      assertThat(read(jobs.getFirst(), Mode.CACHED).freshness().reason()).contains("on record");
    }

    @Test
    void anUnknownJobIsNotFound() {
      assertThat(reads.find(UUID.randomUUID(), Mode.CACHED)).isEmpty();
      assertThat(reads.find(UUID.randomUUID(), Mode.REAL_TIME)).isEmpty();
    }

    @Test
    void oneThatKeepsItselfIsAsOfNowAndSaysIfItIsNotExact() {
      RegisteredView full = JobProgress.registration(Instant.EPOCH);
      database
          .jdbi()
          .useHandle(handle -> {
            Catalog.update(
                handle,
                new RegisteredView(
                    full.name(),
                    Tier.LEDGER,
                    JobProgress.incrementalQuery(),
                    full.keyColumns(),
                    full.interval(),
                    full.objective(),
                    full.createdAt()));
            Catalog.noteInexact(handle, JobProgress.NAME, "a trigger is off");
          });

      Freshness freshness = read(jobs.getFirst(), Mode.CACHED).freshness();
      assertThat(freshness.tier()).isEqualTo(Tier.LEDGER);
      assertThat(freshness.lag()).isZero();
      assertThat(freshness.exact()).isFalse();
      assertThat(freshness.reason()).isEqualTo("a trigger is off");
    }

    @Test
    void listsArePagedNewestFirst() {
      UUID young = generator.make(Shape.of(1, 10)).getFirst();

      JobPage first = reads.list(null, 3, Mode.CACHED);
      JobPage second = reads.list(first.next(), 3, Mode.CACHED);

      assertThat(first.jobs().getFirst().job().id()).isEqualTo(young);
      assertThat(first.jobs().getFirst().freshness().source()).isEqualTo(DataSource.REAL_TIME);
      assertThat(first.jobs().getLast().freshness().source()).isEqualTo(DataSource.CACHED);
      assertThat(second.next()).isNull();
      List<UUID> listed = new ArrayList<>();
      first.jobs().forEach(one -> listed.add(one.job().id()));
      second.jobs().forEach(one -> listed.add(one.job().id()));
      List<UUID> all = new ArrayList<>(jobs);
      all.add(young);
      assertThat(listed).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void listsAreFilteredByStatusAndBucket() {
      while (!generator.moveOn(jobs.getFirst(), 200, SHAPE).nothing()) {}
      refresh();
      UUID elsewhere = generator.make(new Shape("other", 1, 0, 0, 1, 1)).getFirst();

      assertThat(listed(null, JobStatus.COMPLETED)).containsExactly(jobs.getFirst());
      assertThat(listed(null, JobStatus.PROCESSING))
          .containsExactlyInAnyOrder(jobs.get(1), jobs.get(2));
      assertThat(listed("other", JobStatus.LISTING)).containsExactly(elsewhere);
      assertThat(listed("generated")).hasSize(3);
      assertThat(listed("generated", JobStatus.ABORTED)).isEmpty();
    }

    @Test
    void aFilteredPageEndsAfterItsLastJobAndTheNextBeginsThere() {
      JobFilter processing = new JobFilter(null, Set.of(JobStatus.PROCESSING));
      List<UUID> seen = new ArrayList<>();
      JobPage.Cursor after = null;
      do {
        JobPage page = reads.list(after, 1, processing, Mode.CACHED);
        page.jobs().forEach(one -> seen.add(one.job().id()));
        after = page.next();
      } while (after != null);

      assertThat(seen).containsExactlyInAnyOrderElementsOf(jobs);
    }

    @Test
    void activeAreThoseThatAreNotDoneAndTheNewest() {
      while (!generator.moveOn(jobs.getFirst(), 200, SHAPE).nothing()) {}
      refresh();
      generator.make(Shape.of(JobReads.MAX_LIVE_PAGE, 1));

      assertThat(reads.active())
          .hasSize(JobReads.MAX_LIVE_PAGE + 2)
          .contains(jobs.get(1), jobs.get(2))
          .doesNotContain(jobs.getFirst());
    }

    private List<UUID> listed(@Nullable String bucket, JobStatus... statuses) {
      return reads
          .list(null, 10, new JobFilter(bucket, Set.of(statuses)), Mode.CACHED)
          .jobs()
          .stream()
          .map(one -> one.job().id())
          .toList();
    }

    @Test
    void aRefreshReportsJobsObjectsProcessedFindingsAndActiveJobs() {
      while (!generator.moveOn(jobs.getFirst(), 200, SHAPE).nothing()) {}

      Totals totals = refresh().totals();
      assertThat(totals.rows()).isEqualTo(3);
      assertThat(totals.jobs()).isEqualTo(new Totals.Jobs(600, 400, findings(), 2));
      assertThat(findings()).isPositive();
    }

    private long findings() {
      return jobs.stream().mapToLong(job -> read(job, Mode.REAL_TIME).progress().findings()).sum();
    }
  }

  private JobReading read(UUID job, Mode mode) {
    return reads.find(job, mode).orElseThrow();
  }

  private RefreshReport refresh() {
    RefreshOutcome outcome =
        new FullRefresh(database.jdbi(), RefreshLimits.DEFAULT, new Random(1))
            .refresh(JobProgress.NAME, PastRefresh.Cause.MANUAL);
    return ((RefreshOutcome.Refreshed) outcome).report();
  }
}
