package dev.carillon.bench.deliver;

import dev.carillon.bench.database.BenchDatabase;
import dev.carillon.birthday.YearlyEventType;
import dev.carillon.engine.Engine;
import dev.carillon.engine.EngineConfig;
import dev.carillon.engine.EngineListener;
import dev.carillon.engine.EventTypes;
import dev.carillon.event.EventIds;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.DatabaseClock;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.time.TimeZones;
import dev.carillon.webhook.address.AddressPolicy;
import dev.carillon.webhook.address.NameResolver;
import dev.carillon.webhook.delivery.EndpointAlerts;
import dev.carillon.webhook.delivery.StoredReceivers;
import dev.carillon.webhook.delivery.WebhookTarget;
import dev.carillon.webhook.endpoint.Endpoints;
import dev.carillon.webhook.endpoint.Vault;
import dev.carillon.webhook.http.ClientConfig;
import dev.carillon.webhook.http.WebhookClient;
import dev.carillon.webhook.traffic.TrafficControl;
import dev.carillon.webhook.traffic.TrafficTable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Everything that delivers, wired as in the server: stored and encrypted endpoints, signatures,
 * traffic control, the attempts log, the next year's event.
 */
final class Carillon implements AutoCloseable {

  // As in the server: two exchanges, the heartbeat, the traffic's, and one to spare.
  private static final int ENGINE_POOL_SIZE = 5;

  // As in the server: which part of what may be in flight may wait for slow endpoints.
  private static final int WAITING_PART = 4;

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

  private final Database tables;
  private final Database own;
  private final TrafficControl control;
  private final WebhookClient client;
  private final Engine engine;

  private Carillon(
      Database tables, Database own, TrafficControl control, WebhookClient client, Engine engine) {
    this.tables = tables;
    this.own = own;
    this.control = control;
    this.client = client;
    this.engine = engine;
  }

  /** Connects one process's worth of it, which does not begin yet. */
  static Carillon connect(BenchDatabase database, Vault vault) {
    Database tables = Database.open(Database.Address.of(database.jdbcUrl()));
    Database own = tables.another(ENGINE_POOL_SIZE);
    DatabaseClock clock = new DatabaseClock(own, InstantSource.system());
    clock.synchronize();
    EngineConfig config = EngineConfig.of("bench");
    AtomicReference<@Nullable Engine> hinted = new AtomicReference<>();
    EndpointAlerts alerts = new EndpointAlerts(TimeZones.ofJvm(), new EventIds(clock));
    TrafficControl control =
        new TrafficControl(
            new TrafficTable(own.jdbi(), alerts::event),
            clock,
            config.concurrency() / WAITING_PART,
            () -> hint(hinted.get(), clock));
    Endpoints endpoints = new Endpoints(tables.jdbi(), vault, clock);
    WebhookClient client = new WebhookClient(clientConfig(config));
    WebhookTarget target =
        new WebhookTarget(
            new StoredReceivers(endpoints, control::revision, clock), control, client, clock);
    Engine engine =
        new Engine(
            new Engine.Parts(
                config,
                new PostgresEventStore(own.jdbi()),
                types(clock, alerts, target),
                clock,
                EngineListener.NONE,
                control));
    hinted.set(engine);
    return new Carillon(tables, own, control, client, engine);
  }

  /** Begins to deliver. Returns at once. */
  void start() {
    engine.start();
  }

  @Override
  public void close() {
    try {
      engine.stop(STOP_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    control.close();
    client.close();
    own.close();
    tables.close();
  }

  private static void hint(@Nullable Engine engine, InstantSource clock) {
    if (engine != null) {
      engine.hint(clock.instant());
    }
  }

  private static ClientConfig clientConfig(EngineConfig config) {
    return new ClientConfig(
        ClientConfig.DEFAULT_CONNECT_TIMEOUT,
        config.concurrency(),
        AddressPolicy.strict().withLoopback().withHttp(),
        NameResolver.SYSTEM,
        null,
        WebhookTarget.USER_AGENT);
  }

  private static EventTypes types(
      InstantSource clock, EndpointAlerts alerts, WebhookTarget target) {
    YearlyEventType birthday = YearlyEventType.birthday(TimeZones.ofJvm(), new EventIds(clock));
    return new EventTypes(
        List.of(
            new EventTypes.Registration(birthday, target),
            new EventTypes.Registration(alerts, target)));
  }
}
