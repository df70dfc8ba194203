package dev.carillon.bench.schedules;

import dev.carillon.bench.database.BenchDatabase;
import dev.carillon.bench.database.BenchServer;
import dev.carillon.memory.SettableClock;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.schedule.planning.Planner;
import dev.carillon.schedule.planning.PlannerLoop;
import dev.carillon.store.Claim;
import dev.carillon.store.EventStore;
import dev.carillon.store.ProcessId;
import dev.carillon.store.Transition;
import dev.carillon.time.TimeZones;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Times a planner's round, a claim and a settlement in two databases in turn: one with few
 * schedules and one with many, of which equally many fire in every second. The clock is set: a
 * second a sample.
 *
 * @param server where the databases are
 * @param samples how many rounds are timed in each
 * @param many how many schedules the second database has
 * @param progress hears what is going on
 */
public record ScheduleCost(BenchServer server, int samples, int many, Consumer<String> progress) {

  /** How many schedules the first database has. */
  public static final int FEW = 1_000;

  /** How many schedules fire in each second. */
  public static final int FIRING = 100;

  private static final int WARM_UP = 200;
  private static final Duration STEP = Duration.ofSeconds(1);
  private static final Duration LEASE = Duration.ofHours(1);
  private static final double NANOS_PER_MILLI = 1_000_000;

  /** Milliseconds of one database's samples. */
  record Times(List<Double> plans, List<Double> claims, List<Double> settlements) {
    Times() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
  }

  private record Side(
      Database tables, SettableClock clock, PlannerLoop planner, ProcessId process, Times times) {

    EventStore store() {
      return new PostgresEventStore(tables.jdbi());
    }
  }

  /** Runs all rounds, each in fresh databases. */
  public ScheduleCostReport rounds(int rounds) throws InterruptedException {
    List<ScheduleCostReport.Round> measured = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      measured.add(once());
      progress.accept("round %d  %s".formatted(round, measured.getLast().summary()));
    }
    return new ScheduleCostReport(server.version(), many, measured);
  }

  private ScheduleCostReport.Round once() throws InterruptedException {
    Side small = prepare("few", FEW);
    Side large = prepare("many", many);
    try {
      for (int i = 0; i < WARM_UP + samples; i++) {
        boolean counts = i >= WARM_UP;
        // By turns the first, so that neither always follows the other.
        sample(i % 2 == 0 ? small : large, counts);
        sample(i % 2 == 0 ? large : small, counts);
      }
    } finally {
      small.tables().close();
      large.tables().close();
    }
    return new ScheduleCostReport.Round(small.times(), large.times());
  }

  private Side prepare(String name, int count) throws InterruptedException {
    progress.accept("loading %,d schedules".formatted(count));
    BenchDatabase database = server.fresh(name);
    SettableClock clock =
        new SettableClock(InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS));
    Duration period = Duration.ofSeconds(count / FIRING);
    try (Database tables = Database.open(Database.Address.of(database.jdbcUrl()))) {
      tables.migrate();
      BenchSchedules schedules = new BenchSchedules(count, period, period);
      tables.jdbi().useHandle(handle -> schedules.load(handle, clock.instant()));
    }
    database.awaitUnused();
    database.settle();
    Database tables = Database.open(Database.Address.of(database.jdbcUrl()));
    ProcessId process = new PostgresEventStore(tables.jdbi()).join("bench", LEASE);
    Planner planner = new Planner(TimeZones.ofJvm());
    PlannerLoop loop = new PlannerLoop(tables.jdbi(), planner, clock, _ -> {});
    return new Side(tables, clock, loop, process, new Times());
  }

  private static void sample(Side side, boolean counts) {
    side.clock().advance(STEP);
    Instant now = side.clock().instant();
    EventStore store = side.store();
    long start = System.nanoTime();
    side.planner().planDue();
    long planned = System.nanoTime();
    List<Claim> claims = store.exchange(side.process(), List.of(), FIRING, now).claims();
    long claimed = System.nanoTime();
    if (claims.size() != FIRING) {
      throw new IllegalStateException("claimed %d, not %d".formatted(claims.size(), FIRING));
    }
    List<Transition> ended =
        claims.stream()
            .<Transition>map(claim -> new Transition.Completed(claim, now, Optional.empty()))
            .toList();
    long ending = System.nanoTime();
    store.exchange(side.process(), ended, 0, now);
    long settled = System.nanoTime();
    if (counts) {
      side.times().plans().add((planned - start) / NANOS_PER_MILLI);
      side.times().claims().add((claimed - planned) / NANOS_PER_MILLI);
      side.times().settlements().add((settled - ending) / NANOS_PER_MILLI);
    }
  }
}
