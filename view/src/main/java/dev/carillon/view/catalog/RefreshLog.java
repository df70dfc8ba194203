package dev.carillon.view.catalog;

import dev.carillon.postgres.Statements;
import dev.carillon.view.ViewName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The log of last refreshes and the history of all, within the caller's transaction. */
public final class RefreshLog {

  /** The most refreshes of one page of history. */
  public static final int MAX_PAGE = 500;

  /** How long the history is kept. */
  public static final Duration KEPT = Duration.ofDays(30);

  /** How many refreshes of one view the history keeps: a week of one a minute. */
  public static final int MOST_KEPT = 10_080;

  /** The most rows that one {@link #forget} deletes of each kind. */
  public static final int FORGET_BATCH = 1_000;

  private static final Statements SQL = Statements.beside(RefreshLog.class, "refresh_log.sql");

  private RefreshLog() {}

  /** A refresh of the history, and when it ended. */
  public record Entry(long id, Instant endedAt, PastRefresh refresh) {}

  /**
   * Writes that a view was refreshed in this transaction. Its time is the transaction's begin: the
   * refresh's snapshot is taken after it, so that all committed before is in the view.
   *
   * @param totalJobs null if the view is not about jobs
   * @param totalObjects null if the view is not about jobs
   */
  public static Refreshed write(
      Handle handle,
      ViewName view,
      Duration duration,
      @Nullable Long totalJobs,
      @Nullable Long totalObjects) {
    return handle
        .createQuery(SQL.get("write"))
        .bind("name", view.text())
        .bind("duration_ms", duration.toMillis())
        .bind("total_jobs", totalJobs)
        .bind("total_objects", totalObjects)
        .map((row, _) -> refreshed(row))
        .one();
  }

  /** The last refresh of a view; empty if it never was refreshed. */
  public static Optional<Refreshed> last(Handle handle, ViewName view) {
    return handle
        .createQuery(SQL.get("last"))
        .bind("name", view.text())
        .map((row, _) -> refreshed(row))
        .findOne();
  }

  /** Forgets when a view was last refreshed, since it is no more. */
  public static void forgetLast(Handle handle, ViewName view) {
    handle.createUpdate(SQL.get("forget_view")).bind("name", view.text()).execute();
  }

  /** Adds to the history. */
  public static void note(Handle handle, PastRefresh refresh) {
    Instant asOf = refresh.asOf();
    handle
        .createUpdate(SQL.get("note"))
        .bind("name", refresh.view().text())
        .bind("cause", refresh.cause().name())
        .bind("outcome", refresh.outcome().name())
        .bind("as_of", asOf == null ? null : asOf.atOffset(ZoneOffset.UTC))
        .bind("duration_ms", refresh.duration().toMillis())
        .bind("is_concurrent", refresh.concurrently())
        .bind("rows", refresh.rows())
        .bind("total_jobs", refresh.totalJobs())
        .bind("total_objects", refresh.totalObjects())
        .bind("note", refresh.note())
        .execute();
  }

  /**
   * A page of a view's history, the latest first.
   *
   * @param before the last id of the page before; null for the first page
   * @param limit from 1 to {@link #MAX_PAGE}, or one more, which says whether another page follows
   */
  public static List<Entry> history(
      Handle handle, ViewName view, @Nullable Long before, int limit) {
    return handle
        .createQuery(SQL.get("history"))
        .bind("name", view.text())
        .bind("before", before)
        .bind("limit", Math.clamp(limit, 1, MAX_PAGE + 1))
        .map((row, _) -> entry(row))
        .list();
  }

  /**
   * Forgets what of the history is older than {@link #KEPT}, and what of a view is beyond {@link
   * #MOST_KEPT}.
   *
   * @return how many; to be called until it is none
   */
  public static int forget(Handle handle, ViewName view) {
    int old =
        handle
            .createUpdate(SQL.get("forget_older"))
            .bind("keep_millis", KEPT.toMillis())
            .bind("limit", FORGET_BATCH)
            .execute();
    return old
        + handle
            .createUpdate(SQL.get("forget_beyond"))
            .bind("name", view.text())
            .bind("keep", MOST_KEPT)
            .bind("limit", FORGET_BATCH)
            .execute();
  }

  private static Refreshed refreshed(ResultSet row) throws SQLException {
    Long millis = row.getObject("refresh_duration_ms", Long.class);
    return new Refreshed(
        new ViewName(row.getString("view_name")),
        row.getObject("last_refreshed_at", OffsetDateTime.class).toInstant(),
        millis == null ? null : Duration.ofMillis(millis),
        row.getObject("total_jobs", Long.class),
        row.getObject("total_objects", Long.class));
  }

  private static Entry entry(ResultSet row) throws SQLException {
    PastRefresh refresh =
        new PastRefresh(
            new ViewName(row.getString("view_name")),
            PastRefresh.Cause.valueOf(row.getString("cause")),
            PastRefresh.Outcome.valueOf(row.getString("outcome")),
            Catalog.instant(row, "as_of"),
            Duration.ofMillis(row.getLong("duration_ms")),
            row.getObject("is_concurrent", Boolean.class),
            row.getObject("row_count", Long.class),
            row.getObject("total_jobs", Long.class),
            row.getObject("total_objects", Long.class),
            row.getString("note"));
    return new Entry(
        row.getLong("id"), row.getObject("ended_at", OffsetDateTime.class).toInstant(), refresh);
  }
}
