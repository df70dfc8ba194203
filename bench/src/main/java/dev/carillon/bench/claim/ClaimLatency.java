package dev.carillon.bench.claim;

import dev.carillon.bench.database.BenchDatabase;
import dev.carillon.bench.database.BenchServer;
import dev.carillon.bench.events.BenchEvents;
import dev.carillon.event.Event;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.store.Claim;
import dev.carillon.store.EventStore;
import dev.carillon.store.ProcessId;
import dev.carillon.store.Transition;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Times claims and settlements of one batch in two databases in turn: one that holds nothing but
 * due events, and one that also holds many that are due later.
 *
 * @param server where the databases are
 * @param samples how many claims are timed in each
 * @param far how many events of the second database are due later
 * @param progress hears what is going on
 */
public record ClaimLatency(BenchServer server, int samples, int far, Consumer<String> progress) {

  /** How many events one claim takes. */
  public static final int BATCH = 100;

  private static final int WARM_UP = 50;
  private static final Duration FAR_FROM = Duration.ofDays(1);
  private static final Duration FAR_TO = Duration.ofDays(366);
  private static final Duration LEASE = Duration.ofHours(1);
  private static final double NANOS_PER_MILLI = 1_000_000;

  /** One database with what was timed in it. */
  private record Side(
      Database tables,
      EventStore store,
      ProcessId process,
      List<Double> claims,
      List<Double> settlements,
      List<Double> settlementsWithNext) {}

  /** Runs it. */
  public ClaimReport run() throws InterruptedException {
    Side none = prepare("none", 0);
    Side many = prepare("far", far);
    try {
      for (int i = 0; i < WARM_UP + samples; i++) {
        sample(none, i);
        sample(many, i);
      }
    } finally {
      none.tables().close();
      many.tables().close();
    }
    return new ClaimReport(
        server.version(),
        far,
        List.of(
            new ClaimReport.Row("claim", none.claims(), many.claims()),
            new ClaimReport.Row("settle", none.settlements(), many.settlements()),
            new ClaimReport.Row(
                "settle + plan next", none.settlementsWithNext(), many.settlementsWithNext())));
  }

  private Side prepare(String name, int later) throws InterruptedException {
    progress.accept("loading %,d due and %,d later events".formatted(due(), later));
    BenchDatabase database = server.fresh(name);
    Instant now = InstantSource.system().instant();
    try (Database tables = Database.open(Database.Address.of(database.jdbcUrl()))) {
      tables.migrate();
      tables
          .jdbi()
          .useHandle(handle -> {
            BenchEvents.load(handle, due(), now.minus(Duration.ofSeconds(1)), now);
            BenchEvents.load(handle, later, now.plus(FAR_FROM), now.plus(FAR_TO));
          });
    }
    database.awaitUnused();
    database.settle();
    Database tables = Database.open(Database.Address.of(database.jdbcUrl()));
    EventStore store = new PostgresEventStore(tables.jdbi());
    ProcessId process = store.join("bench", LEASE);
    return new Side(
        tables, store, process, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  private void sample(Side side, int number) {
    Instant now = InstantSource.system().instant();
    long start = System.nanoTime();
    List<Claim> claims = side.store().exchange(side.process(), List.of(), BATCH, now).claims();
    long claimed = System.nanoTime();
    if (claims.size() != BATCH) {
      throw new IllegalStateException("claimed %d, not %d".formatted(claims.size(), BATCH));
    }
    boolean plansNext = number % 2 == 1;
    List<Transition> ended =
        claims.stream().map(claim -> completed(claim, now, plansNext)).toList();
    long ending = System.nanoTime();
    side.store().exchange(side.process(), ended, 0, now);
    long settled = System.nanoTime();
    if (number >= WARM_UP) {
      side.claims().add((claimed - start) / NANOS_PER_MILLI);
      List<Double> settlements = plansNext ? side.settlementsWithNext() : side.settlements();
      settlements.add((settled - ending) / NANOS_PER_MILLI);
    }
  }

  private static Transition completed(Claim claim, Instant now, boolean plansNext) {
    BenchEvents events = BenchEvents.of(plansNext);
    Optional<Event> next = events.next(claim.event());
    return new Transition.Completed(claim, now, next);
  }

  private int due() {
    return (WARM_UP + samples) * BATCH;
  }
}
