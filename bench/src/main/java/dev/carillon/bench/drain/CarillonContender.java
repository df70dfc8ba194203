package dev.carillon.bench.drain;

import dev.carillon.bench.database.BenchDatabase;
import dev.carillon.bench.events.BenchEvents;
import dev.carillon.engine.Engine;
import dev.carillon.engine.EngineConfig;
import dev.carillon.engine.EngineListener;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.PostgresEventStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jdbi.v3.core.Handle;

/**
 * Carillon itself.
 *
 * @param name what it is called
 * @param config the engine's limits
 * @param recurring whether each event's next one is planned in the transaction that ends it
 */
record CarillonContender(String name, EngineConfig config, boolean recurring) implements Contender {

  private static final Duration DUE_WITHIN = Duration.ofSeconds(1);

  @Override
  public void load(BenchDatabase database, int events) {
    Instant now = InstantSource.system().instant();
    try (Database tables = Database.open(Database.Address.of(database.jdbcUrl()))) {
      tables.migrate();
      tables
          .jdbi()
          .useHandle(handle -> BenchEvents.load(handle, events, now.minus(DUE_WITHIN), now));
    }
  }

  @Override
  public Worker connect(BenchDatabase database, Runnable performed) {
    Database tables = Database.open(Database.Address.of(database.jdbcUrl()));
    tables.time();
    Engine engine =
        new Engine(
            new Engine.Parts(
                config,
                new PostgresEventStore(tables.jdbi()),
                BenchEvents.of(recurring).countedBy(performed),
                InstantSource.system(),
                EngineListener.NONE));
    return new Running(engine, tables);
  }

  @Override
  public long completed(Handle handle, int events) {
    long completed = BenchEvents.completed(handle);
    return recurring ? Math.min(completed, BenchEvents.waiting(handle)) : completed;
  }

  private record Running(Engine engine, Database tables) implements Worker {
    @Override
    public void start() {
      engine.start();
    }

    @Override
    public void close() {
      engine.close();
      tables.close();
    }
  }
}
