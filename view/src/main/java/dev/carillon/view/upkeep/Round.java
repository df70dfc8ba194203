package dev.carillon.view.upkeep;

import static java.util.Objects.requireNonNull;

import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import dev.carillon.view.capture.CaptureBusy;
import dev.carillon.view.catalog.Catalog;
import dev.carillon.view.catalog.PastRefresh;
import dev.carillon.view.catalog.RefreshLog;
import dev.carillon.view.catalog.RegisteredView;
import dev.carillon.view.full.FullRefresh;
import dev.carillon.view.keeper.Audited;
import dev.carillon.view.keeper.Keeper;
import dev.carillon.view.keeper.Kept;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done for every view now and then: what is kept by captured changes is tended, a refresh
 * that failed is tried again when its wait is over. A view that cannot be looked after does not
 * keep the others from it. Any number of processes may do so at once. Safe for use by many threads.
 */
public final class Round {

  /** The most pieces of captured changes that are worked into a view in one round. */
  public static final int MOST_PIECES = 20;

  /** The most refreshes that are tried again in one round. */
  public static final int MOST_RETRIES = 4;

  private static final Logger LOG = LoggerFactory.getLogger(Round.class);

  private final Jdbi jdbi;
  private final Tending tending;
  private final FullRefresh full;
  private final Turns turns = new Turns();
  private final AtomicLong mismatches = new AtomicLong();

  /**
   * Looks after the views of a database.
   *
   * @param jdbi for short statements
   * @param tending brings up to date what is kept by captured changes
   * @param full tries again what failed
   */
  public Round(Jdbi jdbi, Tending tending, FullRefresh full) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
    this.tending = requireNonNull(tending, "tending is null");
    this.full = requireNonNull(full, "full is null");
  }

  /**
   * Looks at all views once. What takes long goes on while the next rounds look after the others.
   *
   * @param now the time that states are compared with
   * @throws RuntimeException if the database does not answer
   */
  public void run(Instant now) {
    for (RegisteredView view : jdbi.withHandle(Catalog::list)) {
      tending
          .keeper(view.tier())
          .ifPresent(keeper -> turns.take(view.name(), () -> keep(keeper, view, now)));
    }
  }

  /** Ends what goes on after its round. */
  public void stop() {
    turns.stop();
  }

  /**
   * Tries again what failed and has waited long enough.
   *
   * @throws RuntimeException if the database does not answer
   */
  public void retry() {
    List<ViewName> due =
        jdbi.withHandle(handle -> Catalog.retriesDue(handle, Tier.FULL, MOST_RETRIES));
    for (ViewName name : due) {
      guarded(name, () -> full.refresh(name, PastRefresh.Cause.RETRY));
    }
  }

  /**
   * Runs the query of every view anew that is kept by captured changes, and compares. What differs
   * is made good by the next round.
   */
  public void audit() {
    ofAllKept((keeper, view) -> audit(keeper, view));
  }

  /**
   * The same for views of tables with partitions, in so far as they are held to be exact: nothing
   * in the catalog tells of a partition that came and went between two looks, with its rows.
   */
  public void auditPartitioned() {
    ofAllKept((keeper, view) -> auditPartitioned(keeper, view));
  }

  /** Takes away what no reader of a view that is kept by captured changes needs any more. */
  public void tidy() {
    ofAllKept((keeper, view) -> tidy(keeper, view));
  }

  private void ofAllKept(BiConsumer<Keeper, ViewName> work) {
    for (RegisteredView view : jdbi.withHandle(Catalog::list)) {
      tending
          .keeper(view.tier())
          .ifPresent(keeper -> guarded(view.name(), () -> work.accept(keeper, view.name())));
    }
  }

  /** Forgets old refreshes, of each view a batch. */
  public void forget() {
    for (RegisteredView view : jdbi.withHandle(Catalog::list)) {
      guarded(
          view.name(), () -> jdbi.useTransaction(handle -> RefreshLog.forget(handle, view.name())));
    }
  }

  /** How many groups and rows have been found to differ since this process began. */
  public long mismatches() {
    return mismatches.get();
  }

  private void auditPartitioned(Keeper keeper, ViewName name) {
    if (keeper.readsPartitions(name)
        && tending.state(keeper, name).filter(Kept::exact).isPresent()) {
      audit(keeper, name);
    }
  }

  private void audit(Keeper keeper, ViewName name) {
    Audited audited = keeper.audit(name);
    if (audited.mismatches() > 0) {
      mismatches.addAndGet(audited.mismatches());
      LOG.error(
          "{} differs from its query in {} places: {}",
          name,
          audited.mismatches(),
          audited.samples());
    }
  }

  private void keep(Keeper keeper, RegisteredView view, Instant now) {
    guarded(view.name(), () -> tending.keep(keeper, view, now, MOST_PIECES));
  }

  private static void tidy(Keeper keeper, ViewName name) {
    long rows = keeper.tidy(name);
    LOG.debug("{} rows of {} were needed no more", rows, name);
  }

  private void guarded(ViewName name, Runnable work) {
    try {
      work.run();
    } catch (CaptureBusy e) {
      LOG.info("{} is looked after later: {}", name, e.getMessage());
    } catch (RuntimeException e) {
      if (jdbi.withHandle(handle -> Catalog.find(handle, name)).isPresent()) {
        LOG.warn("{} cannot be looked after now", name, e);
      } else {
        LOG.debug("{} was dropped while it was looked after", name);
      }
    }
  }
}
