package dev.carillon.webhook.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.engine.Engine;
import dev.carillon.engine.EngineConfig;
import dev.carillon.engine.EngineListener;
import dev.carillon.engine.EventTypes;
import dev.carillon.event.Event;
import dev.carillon.event.EventType;
import dev.carillon.memory.SettableClock;
import dev.carillon.postgres.AttemptLog;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.EventOperations;
import dev.carillon.postgres.HeldEvents;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.testkit.Events;
import dev.carillon.webhook.http.WebhookClient;
import dev.carillon.webhook.traffic.Gate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/** The real engine on a real database, delivering by a clock that the test moves. */
final class Deliverer implements AutoCloseable {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final SettableClock clock =
      new SettableClock(InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS));
  private final Database database;
  private final PostgresEventStore store;
  private final Engine engine;

  /** One that performs events of the type {@link Once}. */
  Deliverer(Database database, Receivers receivers, WebhookClient client) {
    this(database, new Once(), receivers, client);
  }

  Deliverer(Database database, EventType type, Receivers receivers, WebhookClient client) {
    this.database = database;
    this.store = new PostgresEventStore(database.jdbi());
    WebhookTarget target = new WebhookTarget(receivers, Gate.OPEN, client, clock);
    EventTypes types = new EventTypes(List.of(new EventTypes.Registration(type, target)));
    this.engine =
        new Engine(
            new Engine.Parts(EngineConfig.of("test"), store, types, clock, EngineListener.NONE));
  }

  SettableClock clock() {
    return clock;
  }

  /** An event that is due now. */
  Event planned() {
    return planned(Events.dueAt(clock.instant()));
  }

  Event planned(Event event) {
    store.plan(List.of(event));
    return event;
  }

  /** Performs what is due. */
  void drain() throws InterruptedException {
    engine.drain();
  }

  /** Moves the clock on, and performs what is due then. */
  void drainAfter(Duration time) throws InterruptedException {
    clock.advance(time);
    engine.drain();
  }

  EventOperations.Details details(Event event) {
    return new EventOperations(database.jdbi()).find(event.id()).orElseThrow();
  }

  /** How long until the next attempt. */
  Duration untilNext(Event event) {
    Instant next = details(event).nextAttemptAt();
    if (next == null) {
      throw new AssertionError("there is no next attempt of " + details(event));
    }
    return Duration.between(clock.instant(), next);
  }

  /** What the log says of an event's attempts, the first in front. */
  List<AttemptLog.Entry> attempts(Event event) {
    return new AttemptLog(database.jdbi()).ofEvent(event.id()).reversed();
  }

  /** What the log says of the only attempt there was. */
  AttemptLog.Entry attempt(Event event) {
    List<AttemptLog.Entry> all = attempts(event);
    if (all.size() != 1) {
      throw new AssertionError("there are not one but these attempts: " + all);
    }
    return all.getFirst();
  }

  long heldIn(UUID lane) {
    return new HeldEvents(database.jdbi()).count(lane);
  }

  static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
