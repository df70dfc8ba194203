package dev.carillon.server.view;

import dev.carillon.view.catalog.Freshness;
import dev.carillon.view.registry.Standing;
import java.util.List;

/**
 * How the views are together, a few seconds ago.
 *
 * @param stale how many are older than they may be, or not known to be fresh
 * @param inexact how many may differ from their query
 * @param failing how many could not be brought up to date the last time
 */
public record ViewHealth(int stale, int inexact, int failing) {

  /** Whether nothing is known that makes a view differ from its query. */
  static boolean isExact(Standing view) {
    Freshness freshness = view.freshness();
    return freshness == null ? view.state().exact() : freshness.exact();
  }

  static ViewHealth of(List<Standing> views) {
    return new ViewHealth(
        (int) views.stream().filter(one -> one.staleness().stale()).count(),
        (int) views.stream().filter(one -> !isExact(one)).count(),
        (int) views.stream().filter(one -> one.state().failures() > 0).count());
  }
}
