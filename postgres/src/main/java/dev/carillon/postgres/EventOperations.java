package dev.carillon.postgres;

import static java.util.Objects.requireNonNull;

import dev.carillon.event.Event;
import dev.carillon.event.EventStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What people do with events: list, find, cancel, retry, redrive. Safe for use by many threads.
 *
 * @param jdbi runs the statements
 */
public record EventOperations(Jdbi jdbi) {

  /** The most events of one page, and of one redrive. */
  public static final int MAX_PAGE = 500;

  private static final Logger LOG = LoggerFactory.getLogger(EventOperations.class);
  private static final Statements SQL = Statements.beside(EventOperations.class, "operations.sql");

  public EventOperations {
    requireNonNull(jdbi, "jdbi is null");
  }

  /**
   * An event with all that is known of it.
   *
   * @param event what it is
   * @param status where it stands
   * @param version how often it was claimed
   * @param retryCount how often it was tried again
   * @param nextAttemptAt when it is tried next; null unless it is pending
   * @param executedAt when its last attempt ended; null before it has ended for good
   * @param failureReason why its last attempt failed; null if none did
   * @param createdAt when it was planned
   * @param updatedAt when it last changed
   */
  public record Details(
      Event event,
      EventStatus status,
      long version,
      int retryCount,
      @Nullable Instant nextAttemptAt,
      @Nullable Instant executedAt,
      @Nullable String failureReason,
      Instant createdAt,
      Instant updatedAt) {}

  /**
   * Which events to list; null means any.
   *
   * @param subject whose
   * @param status in which state
   * @param type of which type
   * @param from due at this time or later
   * @param to due before this time
   */
  public record Filter(
      @Nullable UUID subject,
      @Nullable EventStatus status,
      @Nullable String type,
      @Nullable Instant from,
      @Nullable Instant to) {

    /** All events. */
    public static final Filter ALL = new Filter(null, null, null, null, null);
  }

  /** What became of a request to change an event. */
  public enum Change {
    /** Done. */
    DONE,
    /** There is no such event. */
    NOT_FOUND,
    /** The event's state does not allow it. */
    CONFLICT
  }

  /**
   * A page of events, newest first.
   *
   * @param before the last id of the page before; null for the first page
   * @param limit from 1 to {@link #MAX_PAGE}, or one more, which says whether another page follows
   */
  public List<Details> list(Filter filter, @Nullable UUID before, int limit) {
    return jdbi.withHandle(handle -> {
      Query query =
          handle
              .createQuery(SQL.get("list"))
              .bind("before", before)
              .bind("limit", Math.clamp(limit, 1, MAX_PAGE + 1));
      bind(query, filter);
      return query.map((row, _) -> readable(row)).stream().flatMap(Optional::stream).toList();
    });
  }

  /** An event in whatever state it is. */
  public Optional<Details> find(UUID id) {
    return jdbi.withHandle(handle -> find(handle, id));
  }

  /**
   * Cancels a pending event.
   *
   * @param next what follows it, which is planned in the same transaction
   */
  public Change cancel(UUID id, String reason, Function<Event, Optional<Event>> next) {
    return jdbi.inTransaction(handle -> {
      Optional<Event> cancelled =
          handle
              .createQuery(SQL.get("cancel"))
              .bind("id", id)
              .bind("reason", reason)
              .map((row, _) -> EventRows.read(row))
              .findOne();
      cancelled
          .filter(event -> !isOvertaken(handle, event))
          .flatMap(next)
          .ifPresent(event -> PostgresEventStore.plan(handle, List.of(event)));
      return cancelled.isPresent() ? Change.DONE : missing(handle, id);
    });
  }

  /** Makes an event due now that waits for its next attempt, or redrives it if it is dead. */
  public Change retry(UUID id, Instant now) {
    return jdbi.inTransaction(handle -> {
      int hastened =
          handle.createUpdate(SQL.get("retry_now")).bind("id", id).bind("now", now).execute();
      if (hastened + redrive(handle, Selection.of(id), 1, now).count() > 0) {
        return Change.DONE;
      }
      return missing(handle, id);
    });
  }

  /** Makes a dead letter due again under its old id; false if it is none, or its key is live. */
  public boolean redrive(UUID id, Instant now) {
    return jdbi.inTransaction(handle -> redrive(handle, Selection.of(id), 1, now).count() == 1);
  }

  /**
   * Makes dead letters due again under their old ids.
   *
   * @param filter which; its state is ignored, and its times are when they died
   * @return how many
   */
  public int redriveAll(Filter filter, Instant now) {
    return jdbi.inTransaction(
        handle -> redrive(handle, new Selection(null, null, filter, null), MAX_PAGE, now).count());
  }

  /**
   * Makes the dead letters due again whose last attempt was made in a lane, page by page.
   *
   * @param since only those that died at this time or later, and before now: what dies again
   *     meanwhile is left alone
   * @return how many
   */
  public int redriveLane(UUID lane, Instant since, Instant now) {
    int redriven = 0;
    @Nullable UUID after = null;
    do {
      Selection selection =
          new Selection(null, lane, new Filter(null, null, null, since, now), after);
      Redriven page = jdbi.inTransaction(handle -> redrive(handle, selection, MAX_PAGE, now));
      redriven += page.count();
      after = page.last();
    } while (after != null);
    return redriven;
  }

  /** Which dead letters: of an id, of a lane, by a filter, after an id; null means any. */
  private record Selection(
      @Nullable UUID id, @Nullable UUID lane, Filter filter, @Nullable UUID after) {

    static Selection of(UUID id) {
      return new Selection(id, null, Filter.ALL, null);
    }
  }

  /** How many were redriven, and the last that was looked at; null if none was. */
  private record Redriven(int count, @Nullable UUID last) {}

  /**
   * How many events are in a state. Counts rows: for demonstrations and checks, not for a hot path.
   */
  public int count(EventStatus status) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("count"))
            .bind("status", status.name())
            .mapTo(Integer.class)
            .one());
  }

  /** For how long the oldest due event has been waiting; zero if none is due. */
  public Duration lag(Instant now) {
    return jdbi.withHandle(handle -> oldestDue(handle))
        .filter(due -> due.isBefore(now))
        .map(due -> Duration.between(due, now))
        .orElse(Duration.ZERO);
  }

  private static boolean isOvertaken(Handle handle, Event event) {
    return handle
        .createQuery(SQL.get("is_overtaken"))
        .bind("subject", event.subject())
        .bind("event_type", event.type())
        .bind("local", event.at().local())
        .mapTo(Boolean.class)
        .one();
  }

  private static Optional<Instant> oldestDue(Handle handle) {
    return handle
        .createQuery(SQL.get("oldest_due"))
        .map((row, _) -> Optional.ofNullable(EventRows.instantOrNull(row, "min")))
        .one();
  }

  private static Redriven redrive(Handle handle, Selection selection, int limit, Instant now) {
    Filter filter = selection.filter();
    List<UUID> ids =
        handle
            .createQuery(SQL.get("dead_letters"))
            .bind("id", selection.id())
            .bind("lane", selection.lane())
            .bind("after", selection.after())
            .bind("event_type", filter.type())
            .bind("subject", filter.subject())
            .bind("from", filter.from())
            .bind("to", filter.to())
            .bind("limit", limit)
            .mapTo(UUID.class)
            .list();
    int count =
        handle
            .createUpdate(SQL.get("redrive"))
            .bindArray("ids", UUID.class, ids.toArray())
            .bind("now", now)
            .execute();
    return new Redriven(count, ids.isEmpty() ? null : ids.getLast());
  }

  private static Change missing(Handle handle, UUID id) {
    return find(handle, id).isPresent() ? Change.CONFLICT : Change.NOT_FOUND;
  }

  private static Optional<Details> find(Handle handle, UUID id) {
    return handle
        .createQuery(SQL.get("find"))
        .bind("id", id)
        .map((row, _) -> details(row))
        .findOne();
  }

  private static void bind(Query query, Filter filter) {
    EventStatus status = filter.status();
    query
        .bind("subject", filter.subject())
        .bind("status", status == null ? null : status.name())
        .bind("event_type", filter.type())
        .bind("from", filter.from())
        .bind("to", filter.to());
  }

  /** Empty for an event in a time zone that this JVM does not know: it cannot be shown here. */
  private static Optional<Details> readable(ResultSet row) throws SQLException {
    try {
      return Optional.of(details(row));
    } catch (DateTimeException e) {
      LOG.warn("event {} cannot be read here: {}", row.getString("id"), e.getMessage());
      return Optional.empty();
    }
  }

  private static Details details(ResultSet row) throws SQLException {
    return new Details(
        EventRows.read(row),
        EventStatus.valueOf(row.getString("status")),
        row.getLong("version"),
        row.getInt("retry_count"),
        EventRows.instantOrNull(row, "next_attempt_at"),
        EventRows.instantOrNull(row, "executed_at"),
        row.getString("failure_reason"),
        EventRows.instant(row, "created_at"),
        EventRows.instant(row, "updated_at"));
  }
}
