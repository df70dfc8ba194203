package dev.carillon.server.demo.view;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Database;
import dev.carillon.view.catalog.Catalog;
import dev.carillon.view.catalog.PastRefresh.Cause;
import dev.carillon.view.catalog.RegisteredView;
import dev.carillon.view.full.FullRefresh;
import dev.carillon.view.full.RefreshLimits;
import dev.carillon.view.full.RefreshOutcome;
import dev.carillon.view.job.JobGenerator;
import dev.carillon.view.job.JobGenerator.Shape;
import dev.carillon.view.job.JobProgress;
import dev.carillon.view.job.JobReading;
import dev.carillon.view.job.JobReads;
import dev.carillon.view.job.JobReads.Mode;
import dev.carillon.view.ledger.Ledger;
import dev.carillon.view.optimisation.Optimisations;
import dev.carillon.view.optimisation.Progress;
import dev.carillon.view.registry.Made;
import dev.carillon.view.registry.Views;
import dev.carillon.view.registry.Wanted;
import dev.carillon.view.upkeep.Tending;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The demo: jobs are moved on by writers while readers ask how far they are: a view that is
 * refreshed each second, one that a ledger keeps, and live counts. All of it is compared with what
 * the tables say.
 */
final class ViewDemo {

  static final int WRITERS = 2;
  static final int READERS = 3;

  /** How often the view is refreshed, the ledger folded, and both compared with counts. */
  static final Duration EVERY = Duration.ofSeconds(1);

  private static final Duration WRITER_REST = Duration.ofMillis(25);
  private static final Duration READER_REST = Duration.ofMillis(5);
  private static final int KINDS = 3;

  /**
   * How large it is.
   *
   * @param jobs how many jobs
   * @param objects how many objects they have together
   * @param lasting how long they are moved on
   */
  record Size(int jobs, long objects, Duration lasting) {}

  private final Database database;
  private final Size size;
  private final Progress progress;
  private final JobGenerator generator;
  private final JobReads reads;
  private final Tables tables;
  private final FullRefresh full;
  private final Ledger ledger;
  private final Findings seen = new Findings();
  private final Shape shape;

  /** A demo on a database that has been migrated. */
  ViewDemo(Database database, Size size, Progress progress) {
    this.database = requireNonNull(database, "database is null");
    this.size = requireNonNull(size, "size is null");
    this.progress = requireNonNull(progress, "progress is null");
    this.generator = new JobGenerator(database.jdbi());
    this.reads = new JobReads(database.jdbi());
    this.tables = new Tables(database.jdbi());
    this.full = new FullRefresh(database.jdbi(), RefreshLimits.DEFAULT, random());
    this.ledger = new Ledger(database.jdbi());
    this.shape = Shape.of(size.jobs(), Math.max(1, size.objects() / size.jobs()));
  }

  ViewDemoReport run(InstantSource clock) throws InterruptedException {
    progress.say("making %,d jobs with %,d objects in all".formatted(size.jobs(), size.objects()));
    List<UUID> jobs = generator.make(shape);
    progress.say("building the indexes and the view job_progress, as carillon migrate does");
    var _ = new Optimisations(database, full, clock).migrate(Progress.SILENT);
    refreshOften(clock);
    progress.say("building the same view once more, kept by a ledger: live_progress");
    makeLive(clock);
    progress.say(
        "%d writers move the jobs on and %d readers ask how far they are, for %d s"
            .formatted(WRITERS, READERS, size.lasting().toSeconds()));
    crowd(jobs);
    progress.say("the writers have stopped: comparing each job's answers with a count");
    compareAll(jobs);
    return ViewDemoReport.of(size, seen);
  }

  /** A second is how often it is refreshed here, and how young a job is counted instead. */
  private void refreshOften(InstantSource clock) {
    RegisteredView usual = JobProgress.registration(clock.instant());
    RegisteredView often =
        new RegisteredView(
            usual.name(),
            usual.tier(),
            usual.query(),
            usual.keyColumns(),
            EVERY,
            usual.objective(),
            usual.createdAt());
    database.jdbi().useHandle(handle -> Catalog.update(handle, often));
  }

  private void makeLive(InstantSource clock) {
    Made made =
        new Views(database.jdbi(), new Tending(database.jdbi(), List.of(ledger), random()), full)
            .make(Wanted.of(Tables.LIVE, JobProgress.incrementalQuery(), true), clock.instant());
    if (!(made instanceof Made.Done)) {
      throw new IllegalStateException("the ledger's view cannot be made: " + made);
    }
  }

  private void crowd(List<UUID> jobs) throws InterruptedException {
    long end = System.nanoTime() + size.lasting().toNanos();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Stream<Runnable> work =
          Stream.of(
                  Stream.<Runnable>of(() -> refreshUntil(end, jobs), () -> foldUntil(end, jobs)),
                  IntStream.range(0, WRITERS).<Runnable>mapToObj(_ -> () -> writeUntil(end, jobs)),
                  IntStream.range(0, READERS).<Runnable>mapToObj(_ -> () -> readUntil(end, jobs)))
              .flatMap(each -> each);
      List<Future<?>> running = work.<Future<?>>map(threads::submit).toList();
      for (Future<?> one : running) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("the demo failed", e.getCause());
    }
  }

  private void writeUntil(long end, List<UUID> jobs) {
    RandomGenerator random = random();
    long rounds = Math.max(1, size.lasting().dividedBy(WRITER_REST) / 2);
    int batch = Math.clamp(size.objects() / (rounds * WRITERS), 1, JobGenerator.BATCH);
    while (System.nanoTime() < end) {
      JobGenerator.Moved moved = generator.moveOn(one(jobs, random), batch, shape);
      seen.moved().addAndGet(moved.begun() + moved.ended());
      rest(WRITER_REST);
    }
  }

  /** What the view says lies between the counts before and after its refresh. */
  private void refreshUntil(long end, List<UUID> jobs) {
    while (System.nanoTime() < end) {
      long start = System.nanoTime();
      Map<UUID, Counts> before = tables.count(jobs);
      RefreshOutcome outcome = full.refresh(JobProgress.NAME, Cause.SCHEDULE);
      Map<UUID, Counts> after = tables.count(jobs);
      if (outcome instanceof RefreshOutcome.Refreshed done) {
        seen.refreshes().add(done.report().duration().toNanos());
        reads
            .all(jobs, Mode.ONLY_CACHED)
            .forEach((id, job) ->
                seen.compared(Counts.of(job.progress()).isBetween(before.get(id), after.get(id))));
      } else {
        seen.left().incrementAndGet();
      }
      tell(after);
      rest(EVERY.minusNanos(System.nanoTime() - start));
    }
  }

  private void tell(Map<UUID, Counts> now) {
    long processed = now.values().stream().mapToLong(Counts::processed).sum();
    long total = now.values().stream().mapToLong(Counts::total).sum();
    progress.say(
        "%,d of %,d objects done; %,d answers compared, %d differ"
            .formatted(processed, total, seen.compared().get(), seen.differences().get()));
  }

  /** The ledger's view equals a count in the same snapshot, whatever is folded meanwhile. */
  private void foldUntil(long end, List<UUID> jobs) {
    while (System.nanoTime() < end) {
      long start = System.nanoTime();
      long differing = tables.differing();
      seen.compared().addAndGet(jobs.size());
      seen.differences().addAndGet(differing);
      long folding = System.nanoTime();
      var _ = ledger.fold(Tables.LIVE);
      seen.folds().add(System.nanoTime() - folding);
      rest(EVERY.minusNanos(System.nanoTime() - start));
    }
  }

  private void readUntil(long end, List<UUID> jobs) {
    RandomGenerator random = random();
    List<Map<UUID, Counts>> last =
        IntStream.range(0, KINDS).<Map<UUID, Counts>>mapToObj(_ -> new HashMap<>()).toList();
    for (int i = 0; System.nanoTime() < end; i++) {
      UUID job = one(jobs, random);
      int kind = i % KINDS;
      Counts now =
          switch (kind) {
            case 0 -> cached(job);
            case 1 -> live(job);
            default -> counted(job);
          };
      Counts before = now == null ? null : last.get(kind).put(job, now);
      if (now != null && before != null && now.isBehind(before)) {
        seen.backwards().incrementAndGet();
      }
      rest(READER_REST);
    }
  }

  /** Null in the job's first second, when the view does not answer for it. */
  private @Nullable Counts cached(UUID id) {
    long start = System.nanoTime();
    Optional<JobReading> reading = reads.find(id, Mode.ONLY_CACHED);
    long took = System.nanoTime() - start;
    reading.ifPresent(job -> {
      seen.cached().add(took);
      seen.ages().add(job.freshness().lag().toNanos());
    });
    return reading.map(JobReading::progress).map(Counts::of).orElse(null);
  }

  private Counts live(UUID job) {
    long start = System.nanoTime();
    Counts counts = requireNonNull(tables.live(List.of(job)).get(job), "the view lacks a job");
    seen.ledger().add(System.nanoTime() - start);
    return counts;
  }

  /** A live count lies between two others. */
  private Counts counted(UUID job) {
    Counts before = tables.count(List.of(job)).get(job);
    long start = System.nanoTime();
    Counts counts = Counts.of(reads.find(job, Mode.REAL_TIME).orElseThrow().progress());
    seen.realTime().add(System.nanoTime() - start);
    Counts after = tables.count(List.of(job)).get(job);
    seen.compared(counts.isBetween(before, after));
    return counts;
  }

  private void compareAll(List<UUID> jobs) {
    var _ = full.refresh(JobProgress.NAME, Cause.MANUAL);
    Map<UUID, Counts> truth = tables.count(jobs);
    Map<UUID, JobReading> cached = reads.all(jobs, Mode.ONLY_CACHED);
    Map<UUID, JobReading> realTime = reads.all(jobs, Mode.REAL_TIME);
    Map<UUID, Counts> live = tables.live(jobs);
    for (UUID job : jobs) {
      Counts counts = requireNonNull(truth.get(job), "a job is gone");
      seen.compared(equal(counts, cached.get(job)));
      seen.compared(equal(counts, realTime.get(job)));
      seen.compared(counts.equals(live.get(job)));
    }
  }

  private static boolean equal(Counts counts, @Nullable JobReading job) {
    return job != null && counts.equals(Counts.of(job.progress()));
  }

  private static UUID one(List<UUID> jobs, RandomGenerator random) {
    return jobs.get(random.nextInt(jobs.size()));
  }

  private static RandomGenerator random() {
    return RandomGeneratorFactory.getDefault().create();
  }

  private static void rest(Duration time) {
    LockSupport.parkNanos(Math.max(0, Math.min(time.toNanos(), TimeUnit.SECONDS.toNanos(1))));
  }
}
