package dev.carillon.view.upkeep;

import static java.util.Objects.requireNonNull;

import dev.carillon.retry.Backoff;
import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import dev.carillon.view.capture.CaptureBusy;
import dev.carillon.view.catalog.Catalog;
import dev.carillon.view.catalog.RegisteredView;
import dev.carillon.view.catalog.Staleness;
import dev.carillon.view.catalog.ViewState;
import dev.carillon.view.keeper.Keeper;
import dev.carillon.view.keeper.Kept;
import dev.carillon.view.keeper.Piece;
import dev.carillon.view.keeper.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done for one view that is kept by captured changes: it is proven that all writes are
 * seen, the changes are worked in, and the catalog is told how the view is. Safe for use by many
 * threads and processes.
 */
public final class Tending {

  /** How long to wait after each failure in a row. */
  public static final Backoff RETRY =
      new Backoff.Exponential(Duration.ofSeconds(1), Duration.ofMinutes(1));

  /**
   * How long what failed is left alone; a view of the same name that is made later does not wait.
   *
   * @param createdAt which view of the name it is
   */
  private record Wait(Instant createdAt, Instant until) {}

  private static final Logger LOG = LoggerFactory.getLogger(Tending.class);

  private final Jdbi jdbi;
  private final List<Keeper> keepers;
  private final RandomGenerator random;

  /** Until when this process looks no more whether all writes to a view are seen. */
  private final Map<ViewName, Wait> proofsAfter = new ConcurrentHashMap<>();

  /** Until when this process works no more in. */
  private final Map<ViewName, Wait> workAfter = new ConcurrentHashMap<>();

  /**
   * Tends the views of a database.
   *
   * @param jdbi for short statements
   * @param keepers what keeps them, the best tier first
   * @param random where the jitter of retries comes from; safe for use by many threads
   */
  public Tending(Jdbi jdbi, List<Keeper> keepers, RandomGenerator random) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
    this.keepers = List.copyOf(keepers);
    this.random = requireNonNull(random, "random is null");
  }

  /** What keeps views by captured changes, the best tier first. */
  public List<Keeper> keepers() {
    return keepers;
  }

  /** What keeps the views of a tier; empty if they are filled whole. */
  public Optional<Keeper> keeper(Tier tier) {
    return keepers.stream().filter(keeper -> keeper.tier() == tier).findFirst();
  }

  /** How a view is; empty if it is not kept so, for example since it was just dropped. */
  public Optional<Kept> state(Keeper keeper, ViewName view) {
    try {
      return Optional.of(keeper.state(view));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    } catch (RuntimeException e) {
      if (Failure.isOfMissingTable(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Brings a view up to date.
   *
   * @param now the database's time
   * @param most pieces that are worked in at the most
   * @return the last piece
   * @throws CaptureBusy if a lock was not had; the same may work in a moment; noted, too
   * @throws RuntimeException if it failed; noted in the view's state
   */
  public Piece tend(Keeper keeper, RegisteredView view, Instant now, int most) {
    Verdict verdict = noted(view, proofsAfter, now, () -> keeper.coverage(view.name()));
    Piece piece = noted(view, workAfter, now, () -> workIn(keeper, view.name(), most));
    note(view, verdict, now);
    return piece;
  }

  /**
   * The same for a view that is looked after all the time: what failed in this process is left
   * alone until its wait is over. The changes are worked in even if a write may not be seen.
   *
   * @throws RuntimeException if it failed; noted in the view's state
   */
  public void keep(Keeper keeper, RegisteredView view, Instant now, int most) {
    ViewName name = view.name();
    Verdict verdict = null;
    RuntimeException failure = null;
    if (isOver(proofsAfter, view, now)) {
      try {
        verdict = noted(view, proofsAfter, now, () -> keeper.coverage(name));
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    if (isOver(workAfter, view, now)) {
      var _ = noted(view, workAfter, now, () -> workIn(keeper, name, most));
      if (verdict != null) {
        note(view, verdict, now);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static boolean isOver(Map<ViewName, Wait> waits, RegisteredView view, Instant now) {
    Wait wait = waits.get(view.name());
    return wait == null || !wait.createdAt.equals(view.createdAt()) || !now.isBefore(wait.until);
  }

  private static Piece workIn(Keeper keeper, ViewName name, int most) {
    Piece piece = keeper.workIn(name);
    for (int i = 1; i < most && piece.full() && !piece.busy(); i++) {
      piece = keeper.workIn(name);
    }
    return piece;
  }

  /** Does something; if it fails, that is noted, and how long it is left alone. */
  private <T> T noted(
      RegisteredView view, Map<ViewName, Wait> waits, Instant now, Supplier<T> work) {
    try {
      T done = work.get();
      waits.remove(view.name());
      return done;
    } catch (RuntimeException e) {
      noteFailure(view.name(), Failure.words(e))
          .ifPresent(wait -> waits.put(view.name(), new Wait(view.createdAt(), now.plus(wait))));
      throw e;
    }
  }

  private void note(RegisteredView view, Verdict verdict, Instant now) {
    ViewName name = view.name();
    ViewState before = jdbi.withHandle(handle -> Catalog.state(handle, name)).orElse(null);
    if (before == null) {
      return;
    }
    if (verdict.resynced()) {
      LOG.warn("{} was filled anew: {}", name, verdict.reason());
    }
    boolean failed = before.failures() > 0;
    String reason = verdict.exact() ? null : String.valueOf(verdict.reason());
    boolean differs = !Objects.equals(reason, before.reason());
    if (failed || differs || (reason == null && isOld(before.provenAt(), now))) {
      jdbi.useTransaction(handle -> note(handle, name, failed, reason));
    }
    if (differs && reason != null) {
      LOG.warn("{} is not exact: {}", name, reason);
    }
  }

  private static void note(Handle handle, ViewName name, boolean failed, @Nullable String reason) {
    if (failed) {
      Catalog.noteSuccess(handle, name);
    }
    if (reason == null) {
      Catalog.noteExact(handle, name);
    } else {
      Catalog.noteInexact(handle, name, reason);
    }
  }

  private static boolean isOld(@Nullable Instant provenAt, Instant now) {
    return provenAt == null
        || Duration.between(provenAt, now).compareTo(Staleness.PROOF_EVERY) >= 0;
  }

  /** After how long it may be tried again; empty if the view is registered no more. */
  private Optional<Duration> noteFailure(ViewName name, String error) {
    return jdbi.inTransaction(handle ->
        Catalog.state(handle, name)
            .map(state -> {
              Duration wait = RETRY.after(state.failures() + 1, random);
              Catalog.noteFailure(handle, name, error, wait);
              return wait;
            }));
  }
}
