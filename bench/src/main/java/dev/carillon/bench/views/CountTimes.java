package dev.carillon.bench.views;

import static dev.carillon.bench.views.JobData.SQL;

import dev.carillon.bench.report.Spread;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.Statements;
import dev.carillon.view.job.JobReading;
import dev.carillon.view.job.JobReads;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Times counting one large job for the answer: with and without parallel workers.
 *
 * @param rounds how often each is timed, after one that is not
 * @param progress hears what is going on
 */
record CountTimes(int rounds, Consumer<String> progress) {

  private static final Statements READS = Statements.beside(JobReads.class, "jobs.sql");
  private static final List<Integer> WORKERS = List.of(0, 2);
  private static final double NANOS_PER_MILLI = 1e6;

  /** Of a job in whose table pages are as the state says. */
  List<CountFigures.Row> of(JobData data, String state) {
    List<CountFigures.Row> rows = new ArrayList<>();
    for (int workers : WORKERS) {
      progress.accept("counting a job, %s, %d workers".formatted(state, workers));
      String url =
          data.database().jdbcUrl()
              + "&options=-c%%20max_parallel_workers_per_gather=%d".formatted(workers);
      try (Database pool = Database.open(new Database.Address(url, null, null, 1))) {
        rows.add(new CountFigures.Row(state, workers, timed(pool, data.jobs()), plan(pool, data)));
      }
    }
    return rows;
  }

  private Spread timed(Database pool, JobData.Jobs jobs) {
    JobReads reads = new JobReads(pool.jdbi());
    List<Double> millis = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      long start = System.nanoTime();
      JobReading reading =
          reads.find(jobs.large().getFirst(), JobReads.Mode.REAL_TIME).orElseThrow();
      millis.add((System.nanoTime() - start) / NANOS_PER_MILLI);
      if (reading.progress().total() != jobs.objectsOfEach()) {
        throw new IllegalStateException("the count is wrong: " + reading);
      }
    }
    return Spread.of(millis.subList(1, millis.size()));
  }

  private static List<String> plan(Database pool, JobData data) {
    return pool.jdbi()
        .withHandle(handle ->
            handle
                .createQuery(SQL.get("explain"))
                .define("statement", READS.get("live"))
                .bindArray("ids", UUID.class, data.jobs().large().getFirst())
                .mapTo(String.class)
                .list());
  }
}
