package dev.carillon.server.performing;

import dev.carillon.event.Event;
import dev.carillon.event.EventIds;
import dev.carillon.event.EventType;
import dev.carillon.postgres.AttemptLog;
import dev.carillon.postgres.AttemptLog.Entry;
import dev.carillon.postgres.AttemptLog.Result;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.EventOperations.Details;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.store.EventStore;
import dev.carillon.target.Attempt;
import dev.carillon.target.Outcome;
import dev.carillon.target.Receipt;
import dev.carillon.time.TimeZones;
import dev.carillon.webhook.delivery.EndpointAlerts;
import dev.carillon.webhook.delivery.Ping;
import dev.carillon.webhook.delivery.Receiver;
import dev.carillon.webhook.delivery.Receivers;
import dev.carillon.webhook.delivery.StoredReceivers;
import dev.carillon.webhook.delivery.WebhookTarget;
import dev.carillon.webhook.endpoint.Endpoints;
import dev.carillon.webhook.http.ClientConfig;
import dev.carillon.webhook.http.WebhookClient;
import dev.carillon.webhook.traffic.TrafficControl;
import dev.carillon.webhook.traffic.TrafficTable;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries of this process: to which endpoints, how much, and by which client. Safe for use
 * by many threads.
 */
public final class Deliveries implements AutoCloseable {

  /** Which part of what may be in flight may wait for slow endpoints. */
  static final int WAITING_PART = 4;

  private final InstantSource clock;
  private final EndpointAlerts alerts;
  private final TrafficTable table;
  private final TrafficControl control;
  private final StoredReceivers receivers;
  private final WebhookClient client;
  private final WebhookTarget target;
  private final EventStore store;
  private final AttemptLog log;

  /**
   * Deliveries through the engine's own connections.
   *
   * @param hint tells the engine that held events may be claimed
   */
  Deliveries(
      Endpoints endpoints, ClientConfig config, Database own, InstantSource clock, Runnable hint) {
    this.clock = clock;
    this.alerts = new EndpointAlerts(TimeZones.ofJvm(), new EventIds(clock));
    this.table = new TrafficTable(own.jdbi(), alerts::event);
    this.control =
        new TrafficControl(table, clock, Math.max(1, config.maxConnections() / WAITING_PART), hint);
    this.receivers = new StoredReceivers(endpoints, control::revision, clock);
    this.client = new WebhookClient(config);
    this.target = new WebhookTarget(receivers, control, client, clock);
    this.store = new PostgresEventStore(own.jdbi());
    this.log = new AttemptLog(own.jdbi());
  }

  WebhookTarget target() {
    return target;
  }

  TrafficControl control() {
    return control;
  }

  EventType alerts() {
    return alerts;
  }

  /** The breakers and the like. */
  public TrafficTable table() {
    return table;
  }

  /** An endpoint was made, changed or deleted: what waits for lack of one is looked at again. */
  public void endpointsChanged() {
    receivers.forget();
    control.kick();
    releaseUnaddressed();
  }

  /** An endpoint was enabled by hand: its failures are forgotten. */
  public void endpointEnabled(UUID endpoint) {
    table.reset(endpoint);
    endpointsChanged();
  }

  /** Makes the events due again whose endpoint was not there. */
  int releaseUnaddressed() {
    int released = 0;
    int some;
    do {
      some = store.release(WebhookTarget.NOWHERE, EventStore.MAX_BATCH, clock.instant());
      released += some;
    } while (some == EventStore.MAX_BATCH);
    return released;
  }

  /** Sends a test message. */
  public Ping.Pong ping(Receiver receiver) throws InterruptedException {
    return new Ping(client, clock).send(receiver);
  }

  /** What an endpoint's id or name stands for. */
  public Receivers.Found find(@Nullable String ref) {
    return receivers.find(ref);
  }

  /**
   * Sends a message again that was delivered already, once and at once, and logs the attempt.
   *
   * @return the attempt
   */
  public Entry replay(Details details, EventType type, Receiver receiver)
      throws InterruptedException {
    Event event = details.event();
    int number = details.retryCount() + 2;
    Attempt attempt = new Attempt(event, number, clock.instant(), type.payload(event));
    Outcome outcome = target.deliver(attempt, receiver);
    Entry entry = entry(outcome, attempt, details.version());
    log.add(entry);
    return entry;
  }

  @Override
  public void close() {
    control.close();
    client.close();
  }

  /** What is answered is what the database keeps of it. */
  private static Instant stored(Instant time) {
    return time.truncatedTo(ChronoUnit.MICROS);
  }

  private Entry entry(Outcome outcome, Attempt attempt, long version) {
    Receipt receipt = outcome.receipt();
    if (receipt == null) {
      throw new IllegalStateException("a delivery has a receipt");
    }
    return new Entry(
        attempt.event().id(),
        version,
        attempt.number(),
        receipt.lane(),
        stored(receipt.startedAt()),
        stored(clock.instant()),
        outcome instanceof Outcome.Succeeded ? Result.COMPLETED : Result.FAILED,
        reason(outcome),
        receipt.details());
  }

  private static @Nullable String reason(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Succeeded _ -> null;
      case Outcome.Retryable retryable -> retryable.reason();
      case Outcome.Rejected rejected -> rejected.reason();
      case Outcome.Postponed postponed -> postponed.reason();
      case Outcome.Held held -> held.reason();
    };
  }
}
