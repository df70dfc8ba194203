package dev.carillon.bench.drain;

import dev.carillon.bench.database.BenchDatabase;
import dev.carillon.bench.database.BenchDatabase.Counters;
import dev.carillon.bench.database.BenchDatabase.StatementCost;
import dev.carillon.bench.database.BenchServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/**
 * Lets contenders drain the same load, one after the other, each from a fresh database of one
 * server.
 *
 * @param server where the databases are
 * @param events how many each drains
 * @param progress hears what is going on
 */
public record Drain(BenchServer server, int events, Consumer<String> progress) {

  /** How long one drain may take. */
  public static final Duration TIMEOUT = Duration.ofMinutes(20);

  private static final Duration HANDLER_POLL = Duration.ofMillis(1);
  private static final Duration DURABLE_POLL = Duration.ofMillis(5);
  private static final Duration TELL_EVERY = Duration.ofSeconds(2);
  private static final int COSTLIEST = 8;

  /** Every contender in turn, again and again. */
  public List<Measurement> rounds(List<Contender> contenders, int rounds)
      throws InterruptedException {
    List<Measurement> measured = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (Contender contender : contenders) {
        measured.add(once(contender, round));
      }
    }
    return measured;
  }

  /** One contender, once. */
  public Measurement once(Contender contender, int round) throws InterruptedException {
    BenchDatabase database = server.fresh(contender.name());
    contender.load(database, events);
    database.awaitUnused();
    database.settle();
    AtomicLong performed = new AtomicLong();
    Counters from;
    Counters to;
    try (Contender.Worker worker = contender.connect(database, performed::incrementAndGet);
        Handle handle = database.observe()) {
      from = database.counters();
      worker.start();
      awaitPerformed(contender, performed);
      awaitDurable(contender, handle);
      to = database.counters();
    }
    database.awaitUnused();
    Measurement measured =
        new Measurement(
            contender.name(),
            round,
            events,
            performed.get(),
            from,
            to,
            database.log(from, to),
            database.deadTuples());
    progress.accept(
        "round %d  %-20s %,10.0f events/s"
            .formatted(round, contender.name(), measured.eventsPerSecond()));
    return measured;
  }

  /** One contender, once, and what its statements cost. */
  public List<StatementCost> statements(Contender contender) throws InterruptedException {
    BenchDatabase database = server.fresh(contender.name());
    contender.load(database, events);
    AtomicLong performed = new AtomicLong();
    try (Contender.Worker worker = contender.connect(database, performed::incrementAndGet);
        Handle handle = database.observe()) {
      worker.start();
      awaitPerformed(contender, performed);
      awaitDurable(contender, handle);
    }
    return database.costliest(COSTLIEST);
  }

  // The handlers are counted here, at no cost to the server; only the end is asked of the database.
  private void awaitPerformed(Contender contender, AtomicLong performed)
      throws InterruptedException {
    long start = System.nanoTime();
    long told = start;
    while (performed.get() < events) {
      Thread.sleep(HANDLER_POLL);
      long now = System.nanoTime();
      if (now - start > TIMEOUT.toNanos()) {
        throw new IllegalStateException(
            "%s performed %d of %d events in %s"
                .formatted(contender.name(), performed.get(), events, TIMEOUT));
      }
      if (now - told > TELL_EVERY.toNanos()) {
        told = now;
        progress.accept("  %s: %,d of %,d".formatted(contender.name(), performed.get(), events));
      }
    }
  }

  private void awaitDurable(Contender contender, Handle handle) throws InterruptedException {
    long start = System.nanoTime();
    long completed = contender.completed(handle, events);
    while (completed < events) {
      if (System.nanoTime() - start > TIMEOUT.toNanos()) {
        throw new IllegalStateException(
            "%s has %d of %d events done after %s"
                .formatted(contender.name(), completed, events, TIMEOUT));
      }
      Thread.sleep(DURABLE_POLL);
      completed = contender.completed(handle, events);
    }
  }
}
