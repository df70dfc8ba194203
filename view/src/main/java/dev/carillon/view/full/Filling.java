package dev.carillon.view.full;

import dev.carillon.postgres.Statements;
import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import dev.carillon.view.catalog.Catalog;
import dev.carillon.view.catalog.PastRefresh;
import dev.carillon.view.catalog.RefreshLog;
import dev.carillon.view.catalog.Refreshed;
import dev.carillon.view.catalog.RegisteredView;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * The transaction that fills a view and says so. It reads the guard row first, so that {@code
 * now()} is just before the snapshot of {@code REFRESH}: what was committed before it is in the
 * view, and what is committed later never counts as being in it.
 */
record Filling(Jdbi jdbi, RefreshLimits limits) {

  private static final Statements SQL = Statements.beside(Filling.class, "refresh.sql");

  /** Fills the view, or says why not; never throws what the database threw. */
  RefreshOutcome fill(ViewName view, PastRefresh.Cause cause) {
    try {
      Optional<RegisteredView> registered = jdbi.withHandle(handle -> Catalog.find(handle, view));
      if (registered.isEmpty()) {
        return Obstacles.notRegistered(view);
      }
      if (registered.get().tier() != Tier.FULL) {
        return Obstacles.notFilled(registered.get());
      }
      Sight sight = jdbi.withHandle(handle -> look(handle, view));
      return Obstacles.in(view, sight)
          .<RefreshOutcome>map(impossible -> impossible)
          .orElseGet(() -> jdbi.inTransaction(handle -> guarded(handle, view, cause, sight)));
    } catch (JdbiException e) {
      return RefreshErrors.isLockTimeout(e) ? busy(view) : RefreshErrors.outcome(view, e, limits);
    }
  }

  private RefreshOutcome guarded(
      Handle handle, ViewName view, PastRefresh.Cause cause, Sight sight) {
    letTheNetworkBeSilent(handle);
    limit(handle, limits.lockWait(), limits.run());
    if (!Catalog.guard(handle, view)) {
      return new RefreshOutcome.Busy(holder(handle, view));
    }
    String wait = sight.waitReason(view);
    handle
        .createUpdate(SQL.get(wait == null ? "refresh_concurrently" : "refresh"))
        .define("view", quoted(view))
        .execute();
    RefreshReport report = write(handle, view, wait, totals(handle, view, sight));
    RefreshLog.note(handle, past(report, cause));
    Catalog.noteSuccess(handle, view);
    return new RefreshOutcome.Refreshed(report);
  }

  private static RefreshReport write(
      Handle handle, ViewName view, @Nullable String wait, Totals totals) {
    Duration took = Duration.ofMillis(handle.createQuery(SQL.get("took")).mapTo(Long.class).one());
    Totals.Jobs jobs = totals.jobs();
    Refreshed written =
        RefreshLog.write(
            handle,
            view,
            took,
            jobs == null ? null : totals.rows(),
            jobs == null ? null : jobs.objects());
    return new RefreshReport(view, written.at(), took, wait, totals);
  }

  private static PastRefresh past(RefreshReport report, PastRefresh.Cause cause) {
    Totals.Jobs jobs = report.totals().jobs();
    return new PastRefresh(
        report.view(),
        cause,
        PastRefresh.Outcome.REFRESHED,
        report.asOf(),
        report.duration(),
        report.concurrently(),
        report.totals().rows(),
        jobs == null ? null : report.totals().rows(),
        jobs == null ? null : jobs.objects(),
        report.waitReason());
  }

  /** The pool's own limit is for statements that answer soon; the pool sets it again afterwards. */
  private void letTheNetworkBeSilent(Handle handle) {
    Duration silence = limits.run().plus(RefreshLimits.GRACE);
    try {
      handle.getConnection().setNetworkTimeout(Runnable::run, Math.toIntExact(silence.toMillis()));
    } catch (SQLException e) {
      throw new ConnectionException(e);
    }
  }

  /** Limits of the transaction that is under way, and of nothing after it. */
  static void limit(Handle handle, Duration lockWait, Duration run) {
    handle
        .createQuery(SQL.get("limits"))
        .bind("lock_millis", lockWait.toMillis())
        .bind("statement_millis", run.toMillis())
        .bind("idle_millis", RefreshLimits.GRACE.toMillis())
        .mapTo(String.class)
        .one();
  }

  private static Sight look(Handle handle, ViewName view) {
    return handle
        .createQuery(SQL.get("look"))
        .bind("quoted", quoted(view))
        .map((row, _) ->
            new Sight(
                row.getBoolean("materialized"),
                row.getBoolean("populated"),
                row.getBoolean("unique_index"),
                row.getBoolean("counts_jobs")))
        .findOne()
        .orElse(Sight.NOTHING);
  }

  private static Totals totals(Handle handle, ViewName view, Sight sight) {
    return handle
        .createQuery(SQL.get(sight.countsJobs() ? "count_jobs" : "count_rows"))
        .define("view", quoted(view))
        .map((row, _) ->
            new Totals(
                row.getLong("rows"),
                sight.countsJobs()
                    ? new Totals.Jobs(
                        row.getLong("objects"),
                        row.getLong("processed"),
                        row.getLong("findings"),
                        row.getLong("active"))
                    : null))
        .one();
  }

  private RefreshOutcome busy(ViewName view) {
    try {
      return new RefreshOutcome.Busy(jdbi.withHandle(handle -> holder(handle, view)));
    } catch (JdbiException e) {
      return RefreshErrors.outcome(view, e, limits);
    }
  }

  private static RefreshOutcome.@Nullable Holder holder(Handle handle, ViewName view) {
    return handle
        .createQuery(SQL.get("holder"))
        .bind("quoted", quoted(view))
        .map((row, _) ->
            new RefreshOutcome.Holder(
                row.getInt("pid"),
                row.getString("application"),
                Optional.ofNullable(row.getObject("since", OffsetDateTime.class))
                    .map(OffsetDateTime::toInstant)
                    .orElse(null)))
        .findFirst()
        .orElse(null);
  }

  /** A view's name has nothing in it that must be escaped; quotes keep it from being a key word. */
  private static String quoted(ViewName view) {
    return '"' + view.text() + '"';
  }
}
