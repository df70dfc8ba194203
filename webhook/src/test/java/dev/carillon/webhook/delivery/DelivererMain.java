package dev.carillon.webhook.delivery;

import dev.carillon.engine.Engine;
import dev.carillon.engine.EngineConfig;
import dev.carillon.engine.EngineListener;
import dev.carillon.engine.EventTypes;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.webhook.sign.SigningKey;
import dev.carillon.webhook.traffic.Gate;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** A process of its own that delivers events. */
public final class DelivererMain {

  /** How many deliveries it has under way or not settled yet at most. */
  static final int IN_FLIGHT_AT_MOST = 40;

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private DelivererMain() {}

  /** Runs until it is killed. Arguments: the database's URL, the receiver's, and its secret. */
  public static void main(String[] args) throws InterruptedException {
    Database database = Database.open(Database.Address.of(args[0]));
    Receiver receiver = Senders.receiver(URI.create(args[1]), TIMEOUT, SigningKey.parse(args[2]));
    InstantSource clock = InstantSource.system();
    WebhookTarget target = new WebhookTarget(_ -> receiver, Gate.OPEN, Senders.client(), clock);
    EngineConfig config =
        EngineConfig.of("deliverer " + ProcessHandle.current().pid())
            .withLease(Duration.ofSeconds(2))
            .withPollInterval(Duration.ofMillis(50))
            .withClaims(IN_FLIGHT_AT_MOST, IN_FLIGHT_AT_MOST);
    EventTypes types = new EventTypes(List.of(new EventTypes.Registration(new Once(), target)));
    Engine engine =
        new Engine(
            new Engine.Parts(
                config,
                new PostgresEventStore(database.jdbi()),
                types,
                clock,
                EngineListener.NONE));
    engine.start();
    Thread.currentThread().join();
  }
}
