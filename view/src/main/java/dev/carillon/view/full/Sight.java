package dev.carillon.view.full;

import dev.carillon.view.ViewName;
import org.jspecify.annotations.Nullable;

/**
 * What the database's catalog says of a view that is to be filled.
 *
 * @param materialized whether there is a materialized view of this name
 * @param populated whether it was ever filled
 * @param uniqueIndex whether it has a valid unique index over plain columns and all rows
 * @param countsJobs whether it has the columns that {@link Totals.Jobs} are summed from
 */
record Sight(boolean materialized, boolean populated, boolean uniqueIndex, boolean countsJobs) {

  /** Nothing of the name. */
  static final Sight NOTHING = new Sight(false, false, false, false);

  /** Why readers must wait while it is filled; null if they need not. */
  @Nullable String waitReason(ViewName view) {
    if (!populated) {
      return "it is filled for the first time";
    }
    return uniqueIndex
        ? null
        : "%s has no unique index over plain columns and all rows, which CONCURRENTLY needs: CREATE UNIQUE INDEX ON %s (...)"
            .formatted(view, view);
  }
}
