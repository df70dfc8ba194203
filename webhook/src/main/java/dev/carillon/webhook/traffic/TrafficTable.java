package dev.carillon.webhook.traffic;

import static java.util.Objects.requireNonNull;

import dev.carillon.event.Event;
import dev.carillon.postgres.EventRows;
import dev.carillon.postgres.HeldEvents;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.postgres.Statements;
import dev.carillon.webhook.endpoint.Traffic;
import dev.carillon.webhook.traffic.Alert.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
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

  /** What an endpoint gets that is not there. */
  static final Lane.Grant GONE =
      new Lane.Grant(0, null, Breaker.State.CLOSED, "there is no such endpoint", 0);

  private static final Logger LOG = LoggerFactory.getLogger(TrafficTable.class);
  private static final Statements SQL = Statements.beside(TrafficTable.class, "traffic.sql");
  private static final Allotment.Others NOBODY = new Allotment.Others(0, 0, false);

  private final Jdbi jdbi;
  private final UUID process = UUID.randomUUID();
  private final BiFunction<Alert, UUID, Event> message;

  /**
   * The table of a database.
   *
   * @param message makes the event that tells an endpoint of another one's trouble; it is planned
   *     in the transaction that notices the trouble
   */
  public TrafficTable(Jdbi jdbi, BiFunction<Alert, UUID, Event> message) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
    this.message = requireNonNull(message, "message is null");
  }

  /** How many endpoints are in trouble. */
  public record Troubled(int disabled, int failing) {}

  /** An endpoint's row, locked. */
  private record Row(
      UUID id,
      String name,
      long revision,
      Traffic traffic,
      @Nullable String disabled,
      Breaker breaker,
      @Nullable Instant nextSlot) {}

  /** What was decided of an endpoint. */
  private record Decision(
      Row row, Breaker breaker, Allotment.Share share, boolean starving, boolean disables) {

    boolean changes() {
      return !breaker.equals(row.breaker()) || share.next() != null;
    }

    @Nullable Instant nextSlot() {
      return share.next() == null ? row.nextSlot() : share.next();
    }

    Lane.Grant grant(Instant now) {
      return new Lane.Grant(
          share.permits(), share.slots(), breaker.state(now), closed(now), row.revision());
    }

    private @Nullable String closed(Instant now) {
      if (row.disabled() != null || disables) {
        return "the endpoint is disabled";
      }
      return breaker.state(now) == Breaker.State.OPEN
          ? "the endpoint fails and is left alone until " + breaker.openUntil()
          : null;
    }
  }

  /** The endpoints that have held events. */
  List<UUID> lanesWithHeldEvents() {
    return new HeldEvents(jdbi).lanes();
  }

  /**
   * Tells what this process's attempts came to and asks for its share, in one transaction.
   *
   * @return what is allowed, by endpoint; one that is not there is left out
   */
  Map<UUID, Lane.Grant> exchange(List<Lane.Request> requests, Instant now) {
    return jdbi.inTransaction(handle -> {
      Map<UUID, Row> rows = lock(handle, requests);
      Map<UUID, Allotment.Others> others = others(handle, rows.keySet());
      List<Decision> decisions = new ArrayList<>();
      for (Lane.Request request : requests) {
        Row row = rows.get(request.endpoint());
        if (row != null) {
          decisions.add(decide(request, row, others.getOrDefault(row.id(), NOBODY), now));
        }
      }
      write(handle, decisions, now);
      Map<UUID, Lane.Grant> grants = new HashMap<>();
      decisions.forEach(decision -> grants.put(decision.row().id(), decision.grant(now)));
      return grants;
    });
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

  /** Deletes what processes left behind that are long gone. */
  public int forget() {
    return jdbi.withHandle(handle -> handle.createUpdate(SQL.get("forget")).execute());
  }

  /** The breakers of endpoints; one that nothing was sent to is left out. */
  public Map<UUID, Breaker> breakers(Collection<UUID> endpoints) {
    Map<UUID, Breaker> breakers = new HashMap<>();
    jdbi.useHandle(handle ->
        handle
            .createQuery(SQL.get("standing"))
            .bindArray("ids", UUID.class, endpoints.toArray())
            .map((row, _) -> Map.entry(row.getObject("endpoint_id", UUID.class), breaker(row)))
            .forEach(entry -> breakers.put(entry.getKey(), entry.getValue())));
    return breakers;
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

  private static Decision decide(
      Lane.Request request, Row row, Allotment.Others others, Instant now) {
    Breaker after = row.breaker().after(request.tally(), now);
    boolean disables = row.disabled() == null && (request.tally().gone() || after.isHopeless(now));
    boolean enabled = row.disabled() == null && !disables;
    Breaker decisive = enabled ? after : NOTHING_PASSES;
    Allotment.Share share =
        Allotment.share(row.traffic(), decisive, row.nextSlot(), request.demand(), others, now);
    return new Decision(row, after, share, request.starving() && enabled, disables);
  }

  /** Stands in for the breaker of a disabled endpoint. */
  private static final Breaker NOTHING_PASSES = new Breaker(0, null, null, Instant.MAX, 0);

  private Map<UUID, Row> lock(Handle handle, List<Lane.Request> requests) {
    Object[] ids = requests.stream().map(Lane.Request::endpoint).toArray();
    Map<UUID, Row> rows = locked(handle, ids);
    if (rows.size() < ids.length) {
      handle.createUpdate(SQL.get("begin")).bindArray("ids", UUID.class, ids).execute();
      rows = locked(handle, ids);
    }
    return rows;
  }

  private static Map<UUID, Row> locked(Handle handle, Object[] ids) {
    Map<UUID, Row> rows = new HashMap<>();
    handle
        .createQuery(SQL.get("lock"))
        .bindArray("ids", UUID.class, ids)
        .map((row, _) -> row(row))
        .forEach(row -> rows.put(row.id(), row));
    return rows;
  }

  private Map<UUID, Allotment.Others> others(Handle handle, Collection<UUID> ids) {
    Map<UUID, Allotment.Others> others = new HashMap<>();
    handle
        .createQuery(SQL.get("others"))
        .bindArray("ids", UUID.class, ids.toArray())
        .bind("process", process)
        .map((row, _) ->
            Map.entry(
                row.getObject("endpoint_id", UUID.class),
                new Allotment.Others(
                    row.getInt("processes"), row.getInt("permits"), row.getBoolean("starving"))))
        .forEach(entry -> others.put(entry.getKey(), entry.getValue()));
    return others;
  }

  private void write(Handle handle, List<Decision> decisions, Instant now) {
    List<Decision> changed = decisions.stream().filter(Decision::changes).toList();
    if (!changed.isEmpty()) {
      TrafficRows.write(
          handle, SQL.get("write"), changed.stream().map(TrafficTable::state).toList());
    }
    TrafficRows.share(
        handle,
        SQL.get("share"),
        process,
        decisions.stream()
            .map(d -> new TrafficRows.Share(d.row().id(), d.share().permits(), d.starving()))
            .toList());
    for (Decision decision : decisions) {
      alert(decision, now).ifPresent(alert -> tell(handle, alert));
    }
  }

  private static TrafficRows.State state(Decision decision) {
    return new TrafficRows.State(decision.row().id(), decision.breaker(), decision.nextSlot());
  }

  private static Optional<Alert> alert(Decision decision, Instant now) {
    Row row = decision.row();
    Breaker before = row.breaker();
    Breaker after = decision.breaker();
    if (decision.disables()) {
      return Optional.of(alert(Kind.DISABLED, row, after, now));
    }
    if (before.isAlerted() == after.isAlerted()) {
      return Optional.empty();
    }
    return Optional.of(
        after.isAlerted()
            ? alert(Kind.FAILING, row, after, now)
            : alert(Kind.RECOVERED, row, before, now));
  }

  private static Alert alert(Kind kind, Row row, Breaker breaker, Instant now) {
    String cause = breaker.cause() == null ? "unknown" : breaker.cause();
    return new Alert(
        kind, row.id(), row.name(), cause, breaker.failures(), breaker.failingSince(), now);
  }

  private void tell(Handle handle, Alert alert) {
    LOG.warn(
        "endpoint {} ({}): {}, {} attempts failed in a row: {}",
        alert.name(),
        alert.endpoint(),
        alert.kind(),
        alert.failures(),
        alert.cause());
    if (alert.kind() == Kind.DISABLED) {
      handle
          .createUpdate(SQL.get("disable"))
          .bind("id", alert.endpoint())
          .bind("at", alert.at())
          .bind("reason", "disabled by itself: " + alert.cause())
          .execute();
    }
    List<Event> messages =
        handle
            .createQuery(SQL.get("alerted"))
            .bind("endpoint", alert.endpoint())
            .bind("most", MAX_ALERTED)
            .mapTo(UUID.class)
            .stream()
            .map(told -> message.apply(alert, told))
            .toList();
    PostgresEventStore.plan(handle, messages);
  }

  private static Row row(ResultSet row) throws SQLException {
    double rate = row.getDouble("rate_per_second");
    Traffic.Rate limit = row.wasNull() ? null : new Traffic.Rate(rate, row.getInt("rate_burst"));
    return new Row(
        row.getObject("endpoint_id", UUID.class),
        row.getString("name"),
        row.getLong("revision"),
        new Traffic(row.getInt("concurrency"), limit),
        row.getString("disabled_reason"),
        breaker(row),
        EventRows.instantOrNull(row, "next_slot"));
  }

  private static Breaker breaker(ResultSet row) throws SQLException {
    return new Breaker(
        row.getInt("failures"),
        EventRows.instantOrNull(row, "failing_since"),
        row.getString("cause"),
        EventRows.instantOrNull(row, "open_until"),
        row.getInt("openings"));
  }
}
