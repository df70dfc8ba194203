package dev.carillon.webhook.traffic;

import static java.util.Objects.requireNonNull;

import dev.carillon.event.Event;
import dev.carillon.postgres.HeldEvents;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.postgres.Statements;
import dev.carillon.store.EventStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The traffic of endpoints as processes share it: breakers, token buckets, and who may have how
 * many attempts under way. One decides after the other, since each locks the endpoints' rows. Safe
 * for use by many threads.
 */
public final class TrafficTable {

  /** The most endpoints that are told of another one's trouble. */
  public static final int MAX_ALERTED = 10;

  /** The most endpoints of one exchange. */
  static final int MAX_EXCHANGED = 500;

  private static final Logger LOG = LoggerFactory.getLogger(TrafficTable.class);
  private static final String ALARM = "alarm";
  private static final Statements SQL = Statements.beside(TrafficTable.class, "traffic.sql");

  private final Jdbi jdbi;
  private final UUID process = UUID.randomUUID();
  private final Alarms alarms;

  /** The endpoints whose rows were begun. */
  private final Set<UUID> begun = ConcurrentHashMap.newKeySet();

  /**
   * The table of a database.
   *
   * @param message makes the event that tells an endpoint of another one's trouble; it is planned
   *     in the transaction that notices the trouble
   */
  public TrafficTable(Jdbi jdbi, BiFunction<Alert, UUID, Event> message) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
    this.alarms = new Alarms(message);
  }

  /** How many endpoints are in trouble. */
  public record Troubled(int disabled, int failing) {}

  /**
   * Lanes with held events.
   *
   * @param open those whose endpoint may be sent something
   * @param deleted those whose endpoint is not there any more
   */
  record HeldLanes(List<UUID> open, List<UUID> deleted) {}

  /** Which lanes have held events; those of closed endpoints are left out, and so is nowhere. */
  HeldLanes heldLanes(Instant now) {
    List<UUID> lanes =
        new HeldEvents(jdbi).lanes().stream().filter(id -> !id.equals(Gate.NOWHERE)).toList();
    HeldLanes held = new HeldLanes(new ArrayList<>(), new ArrayList<>());
    if (lanes.isEmpty()) {
      return held;
    }
    jdbi.useHandle(handle ->
        handle
            .createQuery(SQL.get("condition"))
            .bindArray("ids", UUID.class, lanes.toArray())
            .map((row, _) -> {
              boolean closed = TrafficRows.breaker(row).state(now) == Breaker.State.OPEN;
              List<UUID> none = new ArrayList<>();
              List<UUID> live = closed || row.getBoolean("disabled") ? none : held.open();
              return (row.getBoolean("deleted") ? held.deleted() : live)
                  .add(row.getObject("id", UUID.class));
            })
            .list());
    return held;
  }

  /**
   * Lets the events of a deleted endpoint be looked at again.
   *
   * @return how many; {@link EventStore#MAX_BATCH} if there may be more
   */
  int dissolve(UUID lane, Instant now) {
    return new PostgresEventStore(jdbi).release(lane, EventStore.MAX_BATCH, now);
  }

  /**
   * Tells what this process's attempts came to and asks for its share, in one transaction.
   *
   * @param requests at most {@link #MAX_EXCHANGED}
   * @return what is allowed, by endpoint; one that is not there is left out
   */
  Map<UUID, Grant> exchange(List<Request> requests, Instant now) {
    UUID[] ids = requests.stream().map(Request::endpoint).toArray(UUID[]::new);
    begin(ids);
    Map<UUID, Grant> grants =
        jdbi.inTransaction(handle -> {
          Map<UUID, TrafficRows.Read> rows = read(handle, ids);
          List<Decision> decisions =
              requests.stream()
                  .filter(request -> rows.containsKey(request.endpoint()))
                  .map(request ->
                      Decision.of(request, requireNonNull(rows.get(request.endpoint())), now))
                  .toList();
          write(handle, decisions);
          decisions.stream()
              .flatMap(decision -> decision.alert(now).stream())
              .forEach(alert -> raise(handle, alert));
          return decisions.stream()
              .collect(Collectors.toMap(decision -> decision.row().id(), d -> d.grant(now)));
        });
    Arrays.stream(ids).filter(id -> !grants.containsKey(id)).forEach(begun::remove);
    return grants;
  }

  /** Trouble that cannot be told must not stop the traffic of all endpoints. */
  private void raise(Handle handle, Alert alert) {
    handle.savepoint(ALARM);
    try {
      alarms.raise(handle, alert);
      handle.releaseSavepoint(ALARM);
    } catch (JdbiException e) {
      handle.rollbackToSavepoint(ALARM);
      LOG.error("nobody can be told that {}", alert, e);
    }
  }

  /** Gives back this process's shares. */
  void release(Collection<UUID> endpoints) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(SQL.get("release"))
            .bind("process", process)
            .bindArray("ids", UUID.class, endpoints.toArray())
            .execute());
  }

  /** Forgets an endpoint's failures: it was enabled by hand. */
  public void reset(UUID endpoint) {
    jdbi.useHandle(handle -> handle.createUpdate(SQL.get("reset")).bind("id", endpoint).execute());
  }

  /** Deletes what processes and endpoints left behind that are long gone. */
  public int forget() {
    return jdbi.withHandle(handle ->
        handle.createUpdate(SQL.get("forget_shares")).execute()
            + handle.createUpdate(SQL.get("forget_deleted")).execute());
  }

  /** The breakers of endpoints; one that nothing was sent to is left out. */
  public Map<UUID, Breaker> breakers(Collection<UUID> endpoints) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("standing"))
            .bindArray("ids", UUID.class, endpoints.toArray())
            .map((row, _) ->
                Map.entry(row.getObject("endpoint_id", UUID.class), TrafficRows.breaker(row)))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  /** How many endpoints are in trouble. */
  public Troubled troubled() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("troubled"))
            .bind("failing", Breaker.ALERTS_AT)
            .map((row, _) -> new Troubled(row.getInt("disabled"), row.getInt("failing")))
            .one());
  }

  /** In a transaction of its own: rows that are begun are locked out of order. */
  private void begin(UUID[] ids) {
    Object[] unknown = Arrays.stream(ids).filter(id -> !begun.contains(id)).toArray();
    if (unknown.length > 0) {
      jdbi.useHandle(handle ->
          handle.createUpdate(SQL.get("begin")).bindArray("ids", UUID.class, unknown).execute());
      begun.addAll(Arrays.asList(ids));
    }
  }

  private Map<UUID, TrafficRows.Read> read(Handle handle, Object[] ids) {
    handle.createQuery(SQL.get("lock")).bindArray("ids", UUID.class, ids).mapTo(UUID.class).list();
    return handle
        .createQuery(SQL.get("read"))
        .bindArray("ids", UUID.class, ids)
        .bind("process", process)
        .map((row, _) -> TrafficRows.read(row))
        .collect(Collectors.toMap(TrafficRows.Read::id, Function.identity()));
  }

  private void write(Handle handle, List<Decision> decisions) {
    List<Decision> changed = decisions.stream().filter(Decision::changes).toList();
    if (!changed.isEmpty()) {
      TrafficRows.write(handle, SQL.get("write"), changed.stream().map(Decision::after).toList());
    }
    List<Decision> shared = decisions.stream().filter(Decision::isTold).toList();
    if (!shared.isEmpty()) {
      TrafficRows.share(
          handle, SQL.get("share"), process, shared.stream().map(Decision::published).toList());
    }
  }
}
