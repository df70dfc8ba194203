package dev.carillon.bench.views;

import static dev.carillon.bench.views.JobData.SQL;

import dev.carillon.bench.report.Spread;
import dev.carillon.postgres.Database;
import dev.carillon.view.catalog.DataSource;
import dev.carillon.view.job.JobReading;
import dev.carillon.view.job.JobReads;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Times reads of one job in the database, as the server reads: through a pool, a statement each
 * time. One thread reads.
 *
 * @param samples how many are timed, after as many that are not
 * @param progress hears what is going on
 */
record ReadTimes(int samples, Consumer<String> progress) {

  private static final double NANOS_PER_MICRO = 1e3;

  /** Reads from a view while nothing is pending. */
  List<ReadFigures.Row> rows(KeptView view, String state) {
    String what = "%s, %s".formatted(view.form().title(), state);
    progress.accept("reading from %,d objects, %s".formatted(view.data().jobs().objects(), what));
    try (Database pool = Database.open(Database.Address.of(view.data().database().jdbcUrl()))) {
      JobReads reads = new JobReads(pool.jdbi());
      JobData.Jobs jobs = view.data().jobs();
      long objects = jobs.objects();
      Runnable one =
          () ->
              pool.jdbi()
                  .useHandle(handle ->
                      handle.createQuery(SQL.get("select_one")).mapTo(Integer.class).one());
      return List.of(
          new ReadFigures.Row(objects, what, timed(() -> read(reads, jobs))),
          new ReadFigures.Row(objects, "  select 1", timed(one)));
    }
  }

  private static void read(JobReads reads, JobData.Jobs jobs) {
    JobReading reading = reads.find(jobs.any(), JobReads.Mode.CACHED).orElseThrow();
    if (reading.progress().total() == 0 || reading.freshness().source() != DataSource.CACHED) {
      throw new IllegalStateException("a job was not read from the view: " + reading);
    }
  }

  /** Microseconds. */
  Spread timed(Runnable read) {
    for (int i = 0; i < samples; i++) {
      read.run();
    }
    List<Double> micros = new ArrayList<>();
    for (int i = 0; i < samples; i++) {
      long start = System.nanoTime();
      read.run();
      micros.add((System.nanoTime() - start) / NANOS_PER_MICRO);
    }
    return Spread.of(micros);
  }
}
