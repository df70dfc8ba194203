package dev.carillon.postgres;

import static java.util.Objects.requireNonNull;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * What came of each attempt. The engine writes it with what it settles; here it is read. Safe for
 * use by many threads.
 *
 * @param jdbi runs the statements
 */
public record AttemptLog(Jdbi jdbi) {

  /** The most attempts of one page. */
  public static final int MAX_PAGE = 500;

  private static final Statements SQL = Statements.beside(AttemptLog.class, "attempts.sql");

  public AttemptLog {
    requireNonNull(jdbi, "jdbi is null");
  }

  /** What became of the event by an attempt. */
  public enum Result {
    /** Done. */
    COMPLETED,
    /** To be tried again. */
    RETRIED,
    /** To be tried again, and the attempt did not count. */
    POSTPONED,
    /** Failed for good. */
    FAILED
  }

  /**
   * An attempt.
   *
   * @param event what was attempted
   * @param version the claim under which it was
   * @param number which attempt of the event it was, from 1
   * @param lane where it was made, such as an endpoint
   * @param startedAt when it began
   * @param endedAt when it ended
   * @param result what became of the event
   * @param reason why it failed; null if it did not
   * @param details what the target tells: a JSON object
   */
  public record Entry(
      UUID event,
      long version,
      int number,
      UUID lane,
      Instant startedAt,
      Instant endedAt,
      Result result,
      @Nullable String reason,
      String details) {}

  /** Where a page ended. */
  public record Cursor(Instant endedAt, UUID event) {}

  /** The attempts of an event, the latest first; at most {@link #MAX_PAGE}. */
  public List<Entry> ofEvent(UUID event) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("of_event"))
            .bind("event", event)
            .bind("limit", MAX_PAGE)
            .map((row, _) -> entry(row))
            .list());
  }

  /**
   * A page of the attempts made in a lane, the latest first.
   *
   * @param result only those that ended so; null for all
   * @param before where the page before ended; null for the first page
   * @param limit from 1 to {@link #MAX_PAGE}, or one more, which says whether another page follows
   */
  public List<Entry> inLane(
      UUID lane, @Nullable Result result, @Nullable Cursor before, int limit) {
    return jdbi.withHandle(handle -> {
      Query query =
          handle
              .createQuery(SQL.get("in_lane"))
              .bind("lane", lane)
              .bind("result", result == null ? null : result.name())
              .bind("ended_at", before == null ? null : before.endedAt())
              .bind("event", before == null ? null : before.event())
              .bind("limit", Math.clamp(limit, 1, MAX_PAGE + 1));
      return query.map((row, _) -> entry(row)).list();
    });
  }

  /** Adds an attempt that was made by hand, beside the engine. */
  public void add(Entry entry) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(SQL.get("add"))
            .bind("event", entry.event())
            .bind("version", entry.version())
            .bind("number", entry.number())
            .bind("lane", entry.lane())
            .bind("started_at", entry.startedAt())
            .bind("ended_at", entry.endedAt())
            .bind("result", entry.result().name())
            .bind("reason", entry.reason())
            .bind("details", entry.details())
            .execute());
  }

  private static Entry entry(ResultSet row) throws SQLException {
    return new Entry(
        row.getObject("event_id", UUID.class),
        row.getLong("version"),
        row.getInt("number"),
        row.getObject("lane", UUID.class),
        EventRows.instant(row, "started_at"),
        EventRows.instant(row, "ended_at"),
        Result.valueOf(row.getString("result")),
        row.getString("reason"),
        row.getString("details"));
  }
}
