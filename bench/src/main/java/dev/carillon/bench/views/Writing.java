package dev.carillon.bench.views;

import static dev.carillon.bench.views.JobData.SQL;

import dev.carillon.bench.database.Meter;
import dev.carillon.view.job.JobProgress;
import dev.carillon.view.ledger.Ledger;
import dev.carillon.view.upkeep.Round;
import dev.carillon.view.upkeep.Tending;
import dev.carillon.view.upkeep.Upkeep;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * A database whose small job clients write to, and what its triggers do meanwhile.
 *
 * @param kind of triggers
 * @param data the jobs
 */
record Writing(Kind kind, JobData data) implements AutoCloseable {

  /** What a change has to do beside itself. */
  enum Kind {
    /** Nothing. */
    PLAIN("no view"),
    /** A row for the ledger, which is folded each second, as the server does. */
    LEDGER("ledger"),
    /** One row for each job is updated: what people write by hand. */
    COUNTER("counter row");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    /** What tables call it. */
    String title() {
      return title;
    }
  }

  static Writing make(Kind kind, JobData data) {
    switch (kind) {
      case PLAIN -> {}
      case LEDGER -> {
        var _ = KeptView.make(data, Form.LEDGER);
      }
      case COUNTER ->
          data.jdbi()
              .useHandle(handle ->
                  List.of("counter_table", "counter_fill", "counter_function", "counter_trigger")
                      .forEach(one -> handle.execute(SQL.get(one))));
    }
    return new Writing(kind, data);
  }

  /** Has clients write for some time, with vacuumed tables at first. */
  WriteFigures.Trial run(Clients.Way way, int clients, Duration time) {
    data.settle();
    Clients writers = new Clients(data.database().jdbcUrl(), data.jobs(), clients);
    AtomicLong changed = new AtomicLong();
    try (Meter meter = data.database().meter();
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor()) {
      if (kind == Kind.LEDGER) {
        lookAfter(timer);
      }
      Meter.Spent spent =
          meter.of(() -> {
            try {
              changed.set(writers.writeFor(time, way));
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
              throw new IllegalStateException("interrupted", e);
            }
          });
      return new WriteFigures.Trial(changed.get(), spent);
    }
  }

  /** How many rows are not what counting anew gives. */
  long mismatches() {
    return switch (kind) {
      case PLAIN -> 0;
      case LEDGER -> new Ledger(data.jdbi()).audit(JobProgress.NAME).mismatches();
      case COUNTER ->
          data.jdbi()
              .withHandle(handle ->
                  handle.createQuery(SQL.get("counter_mismatches")).mapTo(Long.class).one());
    };
  }

  @Override
  public void close() {
    data.close();
  }

  /** As the upkeep of the server does, but not interrupted in the end. */
  private void lookAfter(ScheduledExecutorService timer) {
    Tending tending =
        new Tending(data.jdbi(), List.of(new Ledger(data.jdbi())), RandomGenerator.getDefault());
    Round round = new Round(data.jdbi(), tending, data.refresh());
    long pause = Upkeep.EVERY.toMillis();
    var _ =
        timer.scheduleWithFixedDelay(
            () -> round.run(Instant.now()), pause, pause, TimeUnit.MILLISECONDS);
  }
}
