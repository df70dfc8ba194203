package dev.carillon.view.registry;

import static java.util.Objects.requireNonNull;

import dev.carillon.view.catalog.Freshness;
import dev.carillon.view.catalog.Refreshed;
import dev.carillon.view.catalog.RegisteredView;
import dev.carillon.view.catalog.Staleness;
import dev.carillon.view.catalog.ViewState;
import dev.carillon.view.keeper.Kept;
import org.jspecify.annotations.Nullable;

/**
 * How a registered view stands at a moment.
 *
 * @param view as it was declared
 * @param state what is known of it
 * @param freshness how fresh an answer of it is; null if it was never filled
 * @param staleness whether it is older than it may be
 * @param lastRefresh its last refresh; null if there was none, or it needs none
 * @param kept what waits to be worked in, and sizes; null if it is filled whole
 */
public record Standing(
    RegisteredView view,
    ViewState state,
    @Nullable Freshness freshness,
    Staleness staleness,
    @Nullable Refreshed lastRefresh,
    @Nullable Kept kept) {

  public Standing {
    requireNonNull(view, "view is null");
    requireNonNull(state, "state is null");
    requireNonNull(staleness, "staleness is null");
  }
}
