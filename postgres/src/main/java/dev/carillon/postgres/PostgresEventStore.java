package dev.carillon.postgres;

import static dev.carillon.postgres.EventRows.column;
import static java.util.Objects.requireNonNull;

import dev.carillon.event.Event;
import dev.carillon.event.EventStatus;
import dev.carillon.store.Claim;
import dev.carillon.store.EventRecord;
import dev.carillon.store.EventStore;
import dev.carillon.store.Exchange;
import dev.carillon.store.ProcessId;
import dev.carillon.store.Transition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine's tables in PostgreSQL. Claims skip locked rows and wait for nobody; what ended and
 * what is claimed next is one commit; leases run by the database's clock. Safe for use by many
 * threads.
 *
 * @param jdbi runs the statements
 */
public record PostgresEventStore(Jdbi jdbi) implements EventStore {

  private static final Statements SQL = EngineStatements.SQL;
  private static final double MILLIS = 1000;

  /** How long an event is left to other processes that this one cannot read. */
  private static final Duration UNREADABLE_PAUSE = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(PostgresEventStore.class);

  public PostgresEventStore {
    requireNonNull(jdbi, "jdbi is null");
  }

  @Override
  public int plan(List<Event> events) {
    return jdbi.inTransaction(handle -> plan(handle, events));
  }

  /** Makes events due in the caller's transaction. See {@link EventStore#plan}. */
  public static int plan(Handle handle, List<Event> events) {
    if (events.isEmpty()) {
      return 0;
    }
    try (var update = handle.createUpdate(SQL.get("plan"))) {
      EventRows.bind(update, events);
      return update.execute();
    }
  }

  @Override
  public ProcessId join(String name, Duration lease) {
    ProcessId process = ProcessId.random();
    jdbi.useHandle(handle ->
        handle
            .createUpdate(SQL.get("join"))
            .bind("process", process.value())
            .bind("name", name)
            .bind("lease", seconds(lease))
            .execute());
    return process;
  }

  @Override
  public boolean renew(ProcessId process, Duration lease) {
    return jdbi.withHandle(handle ->
        handle
            .createUpdate(SQL.get("renew"))
            .bind("process", process.value())
            .bind("lease", seconds(lease))
            .execute())
        == 1;
  }

  @Override
  public int leave(ProcessId process, Instant now) {
    return jdbi.inTransaction(handle -> {
      handle.createUpdate(SQL.get("leave")).bind("process", process.value()).execute();
      return recover(handle, now);
    });
  }

  @Override
  public int handBackUnknown(ProcessId process, Collection<UUID> known, Instant now) {
    return jdbi.withHandle(handle ->
        handle
            .createUpdate(SQL.get("hand_back_unknown"))
            .bind("process", process.value())
            .bindArray("known", UUID.class, known.toArray())
            .bind("now", now)
            .execute());
  }

  @Override
  public int reap(Instant now) {
    return jdbi.inTransaction(handle -> {
      handle.createUpdate(SQL.get("expire")).execute();
      return recover(handle, now);
    });
  }

  @Override
  public Exchange exchange(ProcessId process, List<Transition> settled, int limit, Instant now) {
    if (settled.size() > MAX_BATCH || limit > MAX_BATCH) {
      throw new IllegalArgumentException("a batch is at most " + MAX_BATCH);
    }
    if (settled.isEmpty()) {
      Instant due = limit == 0 ? null : jdbi.withHandle(PostgresEventStore::nextDue);
      if (due == null || due.isAfter(now)) {
        return new Exchange(List.of(), List.of(), due);
      }
    }
    return jdbi.inTransaction(handle -> {
      List<UUID> fenced = settle(handle, settled);
      List<Claim> claims = limit == 0 ? List.of() : claim(handle, process, limit, now);
      Instant nextDue = claims.size() < limit ? nextDue(handle) : null;
      return new Exchange(fenced, claims, nextDue);
    });
  }

  @Override
  public int release(UUID lane, int limit, Instant now) {
    return jdbi.withHandle(handle ->
        handle
            .createUpdate(SQL.get("release_lane"))
            .bind("lane", lane)
            .bind("limit", Math.min(limit, MAX_BATCH))
            .bind("now", now)
            .execute());
  }

  @Override
  public Map<UUID, List<Claim>> claimHeld(
      ProcessId process, Map<UUID, Integer> openings, Instant now) {
    List<Map.Entry<UUID, Integer>> lanes = List.copyOf(openings.entrySet());
    return jdbi.inTransaction(handle -> {
      Query query =
          handle
              .createQuery(SQL.get("claim_held"))
              .bindArray("lanes", UUID.class, column(lanes, Map.Entry::getKey))
              .bindArray("most", Integer.class, column(lanes, Map.Entry::getValue));
      return claim(handle, query, process, now).stream()
          .collect(
              Collectors.groupingBy(
                  claimed -> requireNonNull(claimed.lane(), "a held event has a lane"),
                  Collectors.mapping(Claimed::claim, Collectors.toList())));
    });
  }

  @Override
  public Optional<EventRecord> find(UUID id) {
    return jdbi.withHandle(handle ->
        handle.createQuery(SQL.get("find")).bind("id", id).map((row, _) -> record(row)).findOne());
  }

  private static List<Claim> claim(Handle handle, ProcessId process, int limit, Instant now) {
    Query query = handle.createQuery(SQL.get("claim")).bind("limit", limit).bind("now", now);
    return claim(handle, query, process, now).stream().map(Claimed::claim).toList();
  }

  /** What a claiming statement took, as far as it can be read; the rest is left to others. */
  private static List<Claimed> claim(Handle handle, Query query, ProcessId process, Instant now) {
    List<Claimed> claims = new ArrayList<>();
    List<UUID> unreadable = new ArrayList<>();
    query
        .bind("process", process.value())
        .map((row, _) -> {
          UUID id = row.getObject("id", UUID.class);
          UUID lane = row.getObject("lane", UUID.class);
          readable(row)
              .ifPresentOrElse(
                  claim -> claims.add(new Claimed(claim, lane)), () -> unreadable.add(id));
          return id;
        })
        .list();
    postpone(handle, unreadable, now);
    return claims;
  }

  /** A claim, and the lane that it was held in before, if any. */
  private record Claimed(Claim claim, @Nullable UUID lane) {}

  private static Optional<Claim> readable(ResultSet row) throws SQLException {
    try {
      return Optional.of(
          new Claim(EventRows.read(row), row.getLong("version"), row.getInt("attempts")));
    } catch (DateTimeException | IllegalArgumentException e) {
      LOG.error(
          "event {} cannot be read here and is left to others for {}: {}",
          row.getString("id"),
          UNREADABLE_PAUSE,
          e.getMessage());
      return Optional.empty();
    }
  }

  private static void postpone(Handle handle, List<UUID> unreadable, Instant now) {
    if (!unreadable.isEmpty()) {
      handle
          .createUpdate(SQL.get("postpone"))
          .bindArray("ids", UUID.class, unreadable.toArray())
          .bind("due", now.plus(UNREADABLE_PAUSE))
          .execute();
    }
  }

  private static @Nullable Instant nextDue(Handle handle) {
    return handle
        .createQuery(SQL.get("next_due"))
        .map((row, _) -> Optional.ofNullable(EventRows.instantOrNull(row, "min")))
        .one()
        .orElse(null);
  }

  private static int recover(Handle handle, Instant now) {
    return handle.createUpdate(SQL.get("recover")).bind("now", now).execute();
  }

  private static List<UUID> settle(Handle handle, List<Transition> settled) {
    if (settled.isEmpty()) {
      return List.of();
    }
    log(handle, settled);
    Set<UUID> released = release(handle, settled);
    List<Transition> held =
        settled.stream().filter(t -> released.contains(t.claim().event().id())).toList();
    if (!held.isEmpty()) {
      try (Query query = handle.createQuery(SQL.get("settle"))) {
        SettledRows.bind(query, held);
        query.mapTo(Integer.class).one();
      }
    }
    return settled.stream()
        .map(t -> t.claim().event().id())
        .filter(id -> !released.contains(id))
        .toList();
  }

  private static void log(Handle handle, List<Transition> settled) {
    List<Transition> told = settled.stream().filter(t -> t.receipt() != null).toList();
    if (told.isEmpty()) {
      return;
    }
    try (Update update = handle.createUpdate(SQL.get("log"))) {
      SettledRows.bindAttempts(update, told);
      update.execute();
    }
  }

  private static Set<UUID> release(Handle handle, List<Transition> settled) {
    return handle
        .createQuery(SQL.get("release"))
        .bindArray("event_id", UUID.class, column(settled, t -> t.claim().event().id()))
        .bindArray("version", Long.class, column(settled, t -> t.claim().version()))
        .mapTo(UUID.class)
        .collect(Collectors.toSet());
  }

  private static EventRecord record(ResultSet row) throws SQLException {
    EventStatus status = EventStatus.valueOf(row.getString("status"));
    int retries = row.getInt("retry_count");
    return new EventRecord(
        EventRows.read(row),
        status,
        row.getLong("version"),
        status == EventStatus.PENDING ? retries : retries + 1,
        EventRows.instantOrNull(row, "executed_at"),
        row.getString("failure_reason"));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / MILLIS;
  }
}
