package dev.carillon.webhook.traffic;

import dev.carillon.engine.Engine;
import dev.carillon.engine.EngineConfig;
import dev.carillon.engine.EngineListener;
import dev.carillon.engine.EventTypes;
import dev.carillon.event.Event;
import dev.carillon.event.EventType;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.target.Target;
import dev.carillon.testkit.Events;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** A process, whose way to the database can be cut. */
final class TrafficProcess implements AutoCloseable {

  final AtomicBoolean cut = new AtomicBoolean();
  final AtomicInteger statements = new AtomicInteger();
  final AtomicInteger hints = new AtomicInteger();
  final Jdbi jdbi = counting(statements, cut);
  final TrafficTable table = new TrafficTable(jdbi, TrafficProcess::message);
  final TrafficControl control =
      new TrafficControl(table, InstantSource.system(), 1_000, this::hint);
  private volatile @Nullable Engine engine;

  /**
   * Starts an engine that performs events of the type TEST: at the endpoint that is their subject.
   */
  void start(EngineConfig config, Target target) {
    Engine started =
        new Engine(
            new Engine.Parts(
                config,
                new PostgresEventStore(jdbi),
                new EventTypes(List.of(new EventTypes.Registration(new TestType(), target))),
                InstantSource.system(),
                EngineListener.NONE,
                control));
    engine = started;
    started.start();
  }

  @Override
  public void close() {
    Engine running = engine;
    if (running != null) {
      running.close();
    }
    control.close();
  }

  private void hint() {
    hints.incrementAndGet();
    Engine running = engine;
    if (running != null) {
      running.hint(Instant.now());
    }
  }

  private record TestType() implements EventType {

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

  private static Event message(Alert alert, UUID told) {
    return Events.withKey(
        "%s:%s:%s:%s".formatted(alert.kind(), alert.endpoint(), told, UUID.randomUUID()),
        Instant.now().plusSeconds(3_600));
  }

  private static Jdbi counting(AtomicInteger statements, AtomicBoolean cut) {
    Jdbi jdbi =
        Jdbi.create(() -> {
          if (cut.get()) {
            throw new SQLException("the database is away");
          }
          return TrafficDatabase.connection();
        });
    jdbi.registerArrayType(UUID.class, "uuid");
    jdbi.registerArrayType(Long.class, "int8");
    jdbi.registerArrayType(Integer.class, "int4");
    jdbi.registerArrayType(String.class, "text");
    jdbi.setSqlLogger(
        new SqlLogger() {
          @Override
          public void logAfterExecution(StatementContext context) {
            statements.incrementAndGet();
          }
        });
    return jdbi;
  }
}
