package dev.carillon.webhook.traffic;

import dev.carillon.engine.Engine;
import dev.carillon.engine.EngineConfig;
import dev.carillon.engine.EngineListener;
import dev.carillon.engine.EventTypes;
import dev.carillon.event.Event;
import dev.carillon.event.EventType;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.target.Target;
import dev.carillon.testkit.EmbeddedDatabase;
import dev.carillon.testkit.Events;
import dev.carillon.webhook.endpoint.Traffic;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** A real database, with endpoints and processes that share them. */
final class TrafficDatabase implements AutoCloseable {

  private static final EmbeddedDatabase SERVER = EmbeddedDatabase.temporary();
  private static final Database DATABASE =
      Database.open(new Database.Address(SERVER.create("traffic"), null, null, 40));

  static {
    DATABASE.migrate();
  }

  private final List<Process> processes = new ArrayList<>();

  /** Without endpoints and events. */
  TrafficDatabase() {
    jdbi()
        .useHandle(handle ->
            handle.execute(
                "TRUNCATE endpoint, endpoint_key, endpoint_traffic, endpoint_share, event,"
                    + " event_due, event_claim, event_history, dead_letter, event_attempt, process"));
  }

  Jdbi jdbi() {
    return DATABASE.jdbi();
  }

  /** A process, whose way to the database can be cut. */
  final class Process implements AutoCloseable {

    final AtomicBoolean cut = new AtomicBoolean();
    final AtomicInteger statements = new AtomicInteger();
    final AtomicInteger hints = new AtomicInteger();
    final Jdbi jdbi = counting(statements, cut);
    final TrafficTable table = new TrafficTable(jdbi, TrafficDatabase::message);
    final TrafficControl control =
        new TrafficControl(table, InstantSource.system(), 1_000, this::hint);
    private volatile @Nullable Engine engine;

    /**
     * Starts an engine that performs events of the type TEST: at the endpoint that is their
     * subject.
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

  Process process() {
    Process process = new Process();
    processes.add(process);
    return process;
  }

  List<Process> processes(int count) {
    List<Process> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(process());
    }
    return all;
  }

  UUID endpoint(int concurrency) {
    return endpoint(concurrency, null, false);
  }

  /** Makes an endpoint; whether it is told of others' troubles. */
  UUID endpoint(int concurrency, Traffic.@Nullable Rate rate, boolean alerts) {
    UUID id = UUID.randomUUID();
    jdbi()
        .useHandle(handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO endpoint (id, name, url, signature, policy, concurrency,
                      rate_per_second, rate_burst, timeout_ms, alerts, managed, created_at, updated_at)
                    VALUES (:id, 'e' || replace(:id::text, '-', ''), 'https://a.example', 'v1', 'carillon',
                      :concurrency, :rate, :burst, 1000, :alerts, false, now(), now())
                    """)
                .bind("id", id)
                .bind("concurrency", concurrency)
                .bind("rate", rate == null ? null : rate.perSecond())
                .bind("burst", rate == null ? null : rate.burst())
                .bind("alerts", alerts)
                .execute());
    return id;
  }

  /** Plans events of an endpoint, due now. */
  void plan(UUID endpoint, int count) {
    Instant now = Instant.now().minusSeconds(1);
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(Events.ofSubject(endpoint, now));
    }
    new PostgresEventStore(jdbi()).plan(events);
  }

  void execute(String sql, Object... values) {
    jdbi().useHandle(handle -> handle.execute(sql, values));
  }

  int count(String sql, Object... values) {
    return jdbi()
        .withHandle(handle -> handle.select(sql, values).mapTo(Integer.class).findOne().orElse(0));
  }

  /** The alerts that were planned, by kind. */
  int alerts(Alert.Kind kind) {
    return count("SELECT count(*) FROM event WHERE idempotency_key LIKE ?", kind + ":%");
  }

  @Override
  public void close() {
    processes.forEach(Process::close);
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
          return DATABASE.dataSource().getConnection();
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
