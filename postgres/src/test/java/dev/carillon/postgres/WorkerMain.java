package dev.carillon.postgres;

import dev.carillon.engine.Engine;
import dev.carillon.engine.EngineConfig;
import dev.carillon.engine.EngineListener;
import dev.carillon.engine.EventTypes;
import dev.carillon.event.Event;
import dev.carillon.event.EventType;
import dev.carillon.target.Outcome;
import dev.carillon.target.Target;
import dev.carillon.testkit.Events;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A process of its own that performs events: its target writes a row, which is what tests count.
 */
public final class WorkerMain {

  private WorkerMain() {}

  /** Runs until it is killed. The argument is the database's JDBC URL. */
  public static void main(String[] args) throws InterruptedException {
    Database database = Database.open(Database.Address.of(args[0]));
    Target target =
        attempt -> {
          database
              .jdbi()
              .useHandle(handle ->
                  handle.execute(
                      "INSERT INTO performed (event_id, attempt) VALUES (?, ?)",
                      attempt.event().id(),
                      attempt.number()));
          return new Outcome.Succeeded();
        };
    EngineConfig config =
        EngineConfig.of("worker " + ProcessHandle.current().pid())
            .withLease(Duration.ofSeconds(2))
            .withPollInterval(Duration.ofMillis(50))
            .withClaims(20, 40);
    EventTypes types = new EventTypes(List.of(new EventTypes.Registration(new Once(), target)));
    Engine engine =
        new Engine(
            new Engine.Parts(
                config,
                new PostgresEventStore(database.jdbi()),
                types,
                InstantSource.system(),
                EngineListener.NONE));
    engine.start();
    Thread.currentThread().join();
  }

  private static final class Once implements EventType {

    @Override
    public String name() {
      return Events.TYPE;
    }

    @Override
    public String payload(Event event) {
      return event.data();
    }

    @Override
    public Optional<Event> next(Event event) {
      return Optional.empty();
    }
  }
}
