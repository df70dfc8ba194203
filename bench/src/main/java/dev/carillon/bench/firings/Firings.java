package dev.carillon.bench.firings;

import dev.carillon.bench.database.BenchDatabase;
import dev.carillon.bench.database.BenchDatabase.Counters;
import dev.carillon.bench.database.BenchServer;
import dev.carillon.bench.drain.Measurement;
import dev.carillon.bench.report.Spread;
import dev.carillon.postgres.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Lets schedules fire by the real clock, each load in a fresh database of one server.
 *
 * @param server where the databases are
 * @param pace how long each part takes
 * @param progress hears what is going on
 */
public record Firings(BenchServer server, Pace pace, Consumer<String> progress) {

  /** How long after the last nominal time a firing counts as missed. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration POLL = Duration.ofMillis(50);
  private static final int COSTLIEST = 16;

  /** Every load in turn, again and again. */
  public FiringsReport rounds(List<String> only, int rounds) throws InterruptedException {
    List<FiringLoad> loads = FiringLoad.named(only);
    List<Fired> fired = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (FiringLoad load : loads) {
        fired.add(once(load, round));
      }
    }
    return new FiringsReport(server.version(), pace, fired);
  }

  Fired once(FiringLoad load, int round) throws InterruptedException {
    BenchDatabase database = server.fresh(load.name());
    Instant start = now().plus(pace.ahead()).truncatedTo(ChronoUnit.SECONDS);
    load(database, load, start);
    Instant from = start.plus(pace.warmUp());
    int firings = load.firings(pace.time());
    List<Began> began;
    Counters atStart;
    Counters atEnd;
    Spread timer;
    try (FiringProcess process = FiringProcess.connect(database)) {
      if (now().isAfter(start)) {
        throw new IllegalStateException("the load began before it was planned: " + load);
      }
      process.start();
      sleepUntil(from);
      atStart = database.counters();
      timer = BareTimer.until(from.plus(pace.time()));
      atEnd = database.counters();
      began = awaitAll(process.target(), from, firings);
    }
    database.awaitUnused();
    Measurement measured =
        new Measurement(
            load.name(),
            round,
            firings,
            began.size(),
            atStart,
            atEnd,
            database.log(atStart, atEnd),
            database.deadTuples());
    Fired fired = new Fired(load, measured, began, timer, database.costliest(COSTLIEST));
    progress.accept("round %d  %s".formatted(round, String.join("  ", fired.cells())));
    return fired;
  }

  private static void load(BenchDatabase database, FiringLoad load, Instant start)
      throws InterruptedException {
    try (Database tables = Database.open(Database.Address.of(database.jdbcUrl()))) {
      tables.migrate();
      tables.jdbi().useHandle(handle -> load.schedules().load(handle, start));
    }
    database.awaitUnused();
    database.settle();
  }

  private List<Began> awaitAll(CountingTarget target, Instant from, int firings)
      throws InterruptedException {
    Instant deadline = from.plus(pace.time()).plus(PATIENCE);
    List<Began> began = target.began(from, pace.time());
    while (began.size() < firings && now().isBefore(deadline)) {
      Thread.sleep(POLL);
      began = target.began(from, pace.time());
    }
    return began;
  }

  private static void sleepUntil(Instant instant) throws InterruptedException {
    Thread.sleep(Duration.between(now(), instant));
  }

  private static Instant now() {
    return InstantSource.system().instant();
  }
}
