package dev.carillon.view.full;

import static java.util.Objects.requireNonNull;

import dev.carillon.retry.Backoff;
import dev.carillon.view.ViewName;
import dev.carillon.view.catalog.Catalog;
import dev.carillon.view.catalog.PastRefresh;
import dev.carillon.view.catalog.RefreshLog;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a registered materialized view anew, {@code CONCURRENTLY} where that is possible. The log
 * row is written in the same transaction: what it says is true of what readers see. Two never
 * refresh a view at once; the second is told so instead of being queued. Safe for use by many
 * threads and processes.
 */
public final class FullRefresh {

  /** How long to wait after each failure in a row. */
  public static final Backoff RETRY =
      new Backoff.Exponential(Duration.ofSeconds(5), Duration.ofMinutes(5));

  /** How long noting what came of it may wait for whoever works on the view by then. */
  static final Duration NOTE_WAIT = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(FullRefresh.class);

  private final Jdbi jdbi;
  private final Filling filling;
  private final RandomGenerator random;

  /**
   * Refreshes through these connections; each refresh holds one while it runs.
   *
   * @param random where the jitter of retries comes from; safe for use by many threads
   */
  public FullRefresh(Jdbi jdbi, RefreshLimits limits, RandomGenerator random) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
    this.filling = new Filling(jdbi, requireNonNull(limits, "limits is null"));
    this.random = requireNonNull(random, "random is null");
  }

  /**
   * Refreshes a view; blocks until it is done. Whatever comes of it is logged and noted in the
   * view's history; a failure also in its state, with when it is to be tried again.
   */
  public RefreshOutcome refresh(ViewName view, PastRefresh.Cause cause) {
    long start = System.nanoTime();
    RefreshOutcome outcome = filling.fill(view, cause);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    switch (outcome) {
      case RefreshOutcome.Refreshed(RefreshReport report) -> log(report, cause);
      case RefreshOutcome.Busy busy -> {
        LOG.info("{} was not refreshed ({}): {}", view, cause, busy.message());
        note(PastRefresh.without(view, cause, PastRefresh.Outcome.BUSY, took, busy.message()));
      }
      case RefreshOutcome.Impossible(String reason, String remedy) -> {
        LOG.error("{} cannot be refreshed ({}): {}. {}", view, cause, reason, remedy);
        String message = reason + ". " + remedy;
        note(PastRefresh.without(view, cause, PastRefresh.Outcome.IMPOSSIBLE, took, message));
      }
      case RefreshOutcome.Failed(String error, boolean passing) -> {
        LOG.warn("refreshing {} failed ({}, passing: {}): {}", view, cause, passing, error);
        note(PastRefresh.without(view, cause, PastRefresh.Outcome.FAILED, took, error));
      }
    }
    return outcome;
  }

  private static void log(RefreshReport report, PastRefresh.Cause cause) {
    Totals totals = report.totals();
    Totals.Jobs jobs = totals.jobs();
    if (report.waitReason() != null) {
      LOG.warn("readers of {} had to wait: {}", report.view(), report.waitReason());
    }
    if (jobs == null) {
      LOG.info(
          "refreshed {} ({}) in {} ms: {} rows, as of {}",
          report.view(),
          cause,
          report.duration().toMillis(),
          totals.rows(),
          report.asOf());
    } else {
      LOG.info(
          "refreshed {} ({}) in {} ms: jobs {}, objects {}, processed {}, findings {}, active jobs {}, as of {}",
          report.view(),
          cause,
          report.duration().toMillis(),
          totals.rows(),
          jobs.objects(),
          jobs.processed(),
          jobs.findings(),
          jobs.active(),
          report.asOf());
    }
  }

  private void note(PastRefresh refresh) {
    try {
      jdbi.useTransaction(handle -> note(handle, refresh));
    } catch (JdbiException e) {
      // Without a database nothing can be noted; and if another refresh holds the state by now,
      // that one says how the view is.
      LOG.warn("what came of refreshing {} could not be noted: {}", refresh.view(), e.toString());
    }
  }

  private void note(Handle handle, PastRefresh refresh) {
    Filling.limit(handle, NOTE_WAIT, NOTE_WAIT.multipliedBy(2));
    if (Catalog.find(handle, refresh.view()).isEmpty()) {
      return;
    }
    RefreshLog.note(handle, refresh);
    if (refresh.outcome() != PastRefresh.Outcome.BUSY) {
      int failures = Catalog.state(handle, refresh.view()).orElseThrow().failures();
      Duration wait = RETRY.after(failures + 1, random);
      Catalog.noteFailure(handle, refresh.view(), String.valueOf(refresh.note()), wait);
    }
  }
}
