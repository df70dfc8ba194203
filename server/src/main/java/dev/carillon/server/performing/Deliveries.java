package dev.carillon.server.performing;

import dev.carillon.event.Event;
import dev.carillon.event.EventIds;
import dev.carillon.event.EventType;
import dev.carillon.postgres.AttemptLog;
import dev.carillon.postgres.AttemptLog.Entry;
import dev.carillon.postgres.AttemptLog.Result;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.EventOperations.Details;
import dev.carillon.postgres.HeldEvents;
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
import dev.carillon.webhook.traffic.Gate;
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
  private final HeldEvents held;
  private int unaddressed;

  /**
   * The same database by two pools, so that what people ask for does not wait for deliveries, nor
   * these for people.
   *
   * @param own the engine's connections
   * @param others everybody else's
   */
  record Databases(Database own, Database others) {}

  /**
   * Deliveries of a process.
   *
   * @param hint tells the engine that held events may be claimed
   */
  Deliveries(
      Endpoints endpoints,
      ClientConfig config,
      Databases databases,
      InstantSource clock,
      Runnable hint) {
    this.clock = clock;
    this.alerts = new EndpointAlerts(TimeZones.ofJvm(), new EventIds(clock));
    this.table = new TrafficTable(databases.others().jdbi(), alerts::event);
    this.control =
        new TrafficControl(
            new TrafficTable(databases.own().jdbi(), alerts::event),
            clock,
            Math.max(1, config.maxConnections() / WAITING_PART),
            hint);
    this.receivers = new StoredReceivers(endpoints, control::revision, clock);
    this.client = new WebhookClient(config);
    this.target = new WebhookTarget(receivers, control, client, clock);
    this.store = new PostgresEventStore(databases.others().jdbi());
    this.log = new AttemptLog(databases.others().jdbi());
    this.held = new HeldEvents(databases.others().jdbi());
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
    releaseUnaddressed(true);
  }

  /** An endpoint is about to be enabled by hand: its failures are forgotten. */
  public void forgetFailures(UUID endpoint) {
    table.reset(endpoint);
  }

  /**
   * Looks again at a batch of the events whose endpoint was not there: for as long as that helps,
   * at once, else now and then.
   *
   * @param anyway also if the last batch only came back
   */
  synchronized void releaseUnaddressed(boolean anyway) {
    int waiting = held.count(Gate.NOWHERE);
    boolean helps = waiting < unaddressed;
    unaddressed = waiting;
    if (waiting > 0 && (helps || anyway)) {
      store.release(Gate.NOWHERE, EventStore.MAX_BATCH, clock.instant());
    }
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
      case Outcome.Skipped skipped -> skipped.reason();
    };
  }
}
