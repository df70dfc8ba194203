package dev.carillon.view.registry;

import static java.util.Objects.requireNonNull;

import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import dev.carillon.view.catalog.Catalog;
import dev.carillon.view.catalog.Freshness;
import dev.carillon.view.catalog.PastRefresh;
import dev.carillon.view.catalog.Pending;
import dev.carillon.view.catalog.RefreshLog;
import dev.carillon.view.catalog.Refreshed;
import dev.carillon.view.catalog.RegisteredView;
import dev.carillon.view.catalog.Staleness;
import dev.carillon.view.catalog.ViewState;
import dev.carillon.view.definition.KeyedReading;
import dev.carillon.view.definition.Obstacle;
import dev.carillon.view.definition.ViewQuery;
import dev.carillon.view.full.FullRefresh;
import dev.carillon.view.full.RefreshOutcome;
import dev.carillon.view.keeper.Keeper;
import dev.carillon.view.keeper.Kept;
import dev.carillon.view.upkeep.Failure;
import dev.carillon.view.upkeep.Tending;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Views as their users know them. Whoever may make one may run any query: it is for administrators.
 * Safe for use by many threads and processes.
 */
public final class Views {

  private static final String LOST = "nothing keeps it any more: drop it, and make it again";

  private final Jdbi jdbi;
  private final Tending tending;
  private final FullRefresh full;
  private final Making making;

  /**
   * The views of a database.
   *
   * @param tending brings up to date what is kept by captured changes
   * @param full fills the others
   */
  public Views(Jdbi jdbi, Tending tending, FullRefresh full) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
    this.tending = requireNonNull(tending, "tending is null");
    this.full = requireNonNull(full, "full is null");
    this.making = new Making(jdbi, tending);
  }

  /**
   * How fresh a query can be kept, and what would make it fresher. Changes nothing.
   *
   * @param key the columns that tell its rows apart; empty to find them
   */
  public Explained explain(String query, List<String> key) {
    return switch (ViewQuery.parse(query)) {
      case ViewQuery.Invalid(int position, String reason) ->
          new Explained.Invalid(position, reason);
      case ViewQuery.Valid valid -> explain(valid, key);
    };
  }

  private Explained explain(ViewQuery.Valid query, List<String> key) {
    List<Obstacle> obstacles = new ArrayList<>();
    for (Keeper keeper : tending.keepers()) {
      List<Obstacle> own = keeper.obstacles(query, key);
      if (own.isEmpty()) {
        return possible(keeper.tier(), query, key, obstacles);
      }
      obstacles.addAll(own);
    }
    return possible(Tier.FULL, query, key, obstacles);
  }

  private static Explained possible(
      Tier tier, ViewQuery.Valid query, List<String> key, List<Obstacle> obstacles) {
    List<String> found =
        tier == Tier.KEYED && query.keyed(key) instanceof KeyedReading.Possible(var plan)
            ? plan.key()
            : key;
    return new Explained.Possible(tier, found, query.analysis().parts(), obstacles);
  }

  /**
   * Makes a view by the first of the wanted tiers that can keep its query, and keeps it from now
   * on. A materialized view is empty until its first refresh. What was interrupted can be tried
   * again.
   */
  public Made make(Wanted wanted, Instant now) {
    return making.run(wanted, now);
  }

  /**
   * Takes a view away with all that was made for it; its history stays. What was begun and not
   * finished is taken away as well.
   *
   * @return false if there is none
   * @throws IllegalStateException if others are made of it, or it cannot be locked; in words
   */
  public boolean drop(ViewName name) {
    Optional<RegisteredView> view = registered(name);
    Optional<Keeper> keeper =
        view.isPresent() ? tending.keeper(view.get().tier()) : making.begun(name);
    if (view.isEmpty() && keeper.isEmpty()) {
      return false;
    }
    try {
      keeper.ifPresent(keeping -> keeping.drop(name));
      jdbi.useTransaction(handle -> {
        if (view.isPresent() && keeper.isEmpty()) {
          Relation.drop(handle, name);
        }
        Making.forget(handle, name);
      });
      return true;
    } catch (SQLException | RuntimeException e) {
      throw new IllegalStateException(
          "%s cannot be dropped: %s".formatted(name, Failure.words(e)), e);
    }
  }

  /** Brings a view up to date now; blocks until that is done. */
  public RefreshOutcome refresh(ViewName name, PastRefresh.Cause cause) {
    Optional<RegisteredView> view = registered(name);
    Optional<Keeper> keeper = view.flatMap(found -> tending.keeper(found.tier()));
    return view.isPresent() && keeper.isPresent()
        ? new KeptRefresh(jdbi, tending).run(keeper.get(), view.get(), cause)
        : full.refresh(name, cause);
  }

  /** How a view stands; empty if it is not registered. */
  public Optional<Standing> find(ViewName name) {
    return jdbi.withHandle(handle -> seen(handle, name)).flatMap(this::standing);
  }

  /** How all views stand, by name; one that is dropped meanwhile is left out. */
  public List<Standing> list() {
    List<Seen> all =
        jdbi.withHandle(handle ->
            Catalog.list(handle).stream()
                .flatMap(view -> seen(handle, view.name()).stream())
                .toList());
    return all.stream().flatMap(seen -> standing(seen).stream()).toList();
  }

  private record Seen(
      RegisteredView view, ViewState state, @Nullable Refreshed last, Instant now) {}

  private static Optional<Seen> seen(Handle handle, ViewName name) {
    Instant now = Relation.now(handle);
    Refreshed last = RefreshLog.last(handle, name).orElse(null);
    return Catalog.find(handle, name)
        .flatMap(
            view -> Catalog.state(handle, name).map(state -> new Seen(view, state, last, now)));
  }

  private Optional<RegisteredView> registered(ViewName name) {
    return jdbi.withHandle(handle -> Catalog.find(handle, name));
  }

  private Optional<Standing> standing(Seen seen) {
    Optional<Keeper> keeper = tending.keeper(seen.view().tier());
    if (keeper.isEmpty()) {
      return Optional.of(filled(seen));
    }
    Optional<Kept> kept = tending.state(keeper.get(), seen.view().name());
    if (kept.isPresent()) {
      return Optional.of(kept(seen, kept.get()));
    }
    return registered(seen.view().name()).map(_ -> lost(seen));
  }

  private static Standing kept(Seen seen, Kept kept) {
    RegisteredView view = seen.view();
    ViewState state = seen.state().because(kept.reason());
    Instant now = seen.now();
    Instant asOf = kept.asOf(now);
    Pending pending = new Pending(kept.pending(), kept.oldestPendingAt());
    return new Standing(
        view,
        state,
        Freshness.kept(view, state, asOf, pending, now),
        Staleness.of(view, asOf, state.provenAt(), now),
        null,
        kept);
  }

  /** Its drop was interrupted, or somebody dropped what belongs to it. */
  private static Standing lost(Seen seen) {
    return new Standing(
        seen.view(),
        seen.state().because(LOST),
        null,
        new Staleness(Staleness.Verdict.UNPROVEN, LOST),
        null,
        null);
  }

  private static Standing filled(Seen seen) {
    RegisteredView view = seen.view();
    Refreshed last = seen.last();
    Instant now = seen.now();
    return new Standing(
        view,
        seen.state(),
        last == null ? null : Freshness.filled(last, view.objective(), now),
        Staleness.of(view, last == null ? null : last.at(), seen.state().provenAt(), now),
        last,
        null);
  }
}
