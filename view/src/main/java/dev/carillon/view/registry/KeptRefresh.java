package dev.carillon.view.registry;

import dev.carillon.view.ViewName;
import dev.carillon.view.capture.CaptureBusy;
import dev.carillon.view.catalog.Catalog;
import dev.carillon.view.catalog.PastRefresh;
import dev.carillon.view.catalog.RefreshLog;
import dev.carillon.view.catalog.RegisteredView;
import dev.carillon.view.full.RefreshOutcome;
import dev.carillon.view.full.RefreshReport;
import dev.carillon.view.full.Totals;
import dev.carillon.view.keeper.Keeper;
import dev.carillon.view.keeper.Piece;
import dev.carillon.view.upkeep.Failure;
import dev.carillon.view.upkeep.Tending;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a view up to date now that is kept by captured changes, which it also is by itself. */
record KeptRefresh(Jdbi jdbi, Tending tending) {

  /** The most pieces of captured changes that one refresh works in. */
  static final int MOST_PIECES = 1_000;

  /** How long it waits for another process that works on the view. */
  static final Duration BUSY_WAIT = Duration.ofSeconds(10);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
  private static final Logger LOG = LoggerFactory.getLogger(KeptRefresh.class);

  RefreshOutcome run(Keeper keeper, RegisteredView view, PastRefresh.Cause cause) {
    long start = System.nanoTime();
    RefreshOutcome outcome = attempt(keeper, view, start);
    Duration took = since(start);
    LOG.info("refreshing {} ({}) took {} ms: {}", view.name(), cause, took.toMillis(), outcome);
    PastRefresh past = past(view.name(), cause, outcome, took);
    jdbi.useTransaction(handle -> {
      if (Catalog.find(handle, view.name()).isPresent()) {
        RefreshLog.note(handle, past);
      }
    });
    return outcome;
  }

  private RefreshOutcome attempt(Keeper keeper, RegisteredView view, long start) {
    try {
      Piece last = tending.tend(keeper, view, jdbi.withHandle(Relation::now), MOST_PIECES);
      while (last.busy() && since(start).compareTo(BUSY_WAIT) < 0) {
        LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        last = tending.tend(keeper, view, jdbi.withHandle(Relation::now), MOST_PIECES);
      }
      if (last.busy()) {
        return new RefreshOutcome.Busy(null);
      }
      return last.full()
          ? new RefreshOutcome.Failed(
              "more was changed than %d pieces of work take in; the rest follows by itself"
                  .formatted(MOST_PIECES),
              true)
          : jdbi.withHandle(handle -> refreshed(handle, keeper, view.name(), start));
    } catch (CaptureBusy e) {
      return new RefreshOutcome.Failed(String.valueOf(e.getMessage()), true);
    } catch (RuntimeException e) {
      LOG.warn("refreshing {} failed", view.name(), e);
      return new RefreshOutcome.Failed(Failure.words(e), Failure.isPassing(e));
    }
  }

  private static RefreshOutcome refreshed(Handle handle, Keeper keeper, ViewName name, long start) {
    Instant asOf = keeper.state(name).asOf(Relation.now(handle));
    Totals totals = new Totals(Relation.rows(handle, name), null);
    return new RefreshOutcome.Refreshed(new RefreshReport(name, asOf, since(start), null, totals));
  }

  private static PastRefresh past(
      ViewName view, PastRefresh.Cause cause, RefreshOutcome outcome, Duration took) {
    return switch (outcome) {
      case RefreshOutcome.Refreshed(RefreshReport report) ->
          new PastRefresh(
              view,
              cause,
              PastRefresh.Outcome.REFRESHED,
              report.asOf(),
              took,
              true,
              report.totals().rows(),
              null,
              null,
              null);
      case RefreshOutcome.Busy busy ->
          PastRefresh.without(view, cause, PastRefresh.Outcome.BUSY, took, busy.message());
      case RefreshOutcome.Impossible(String reason, String remedy) ->
          PastRefresh.without(
              view, cause, PastRefresh.Outcome.IMPOSSIBLE, took, reason + ". " + remedy);
      case RefreshOutcome.Failed(String error, _) ->
          PastRefresh.without(view, cause, PastRefresh.Outcome.FAILED, took, error);
    };
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
