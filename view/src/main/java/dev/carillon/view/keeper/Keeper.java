package dev.carillon.view.keeper;

import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import dev.carillon.view.capture.CaptureBusy;
import dev.carillon.view.definition.Obstacle;
import dev.carillon.view.definition.ViewQuery;
import java.util.List;

/**
 * What keeps views by the changes that were captured. Safe for use by many threads and processes.
 */
public interface Keeper {

  /** The tier of the views that it keeps. */
  Tier tier();

  /**
   * What keeps a query from this tier, also what only the database knows; empty if nothing does.
   * Changes nothing.
   *
   * @param key the columns that tell its rows apart; empty to find them
   */
  List<Obstacle> obstacles(ViewQuery.Valid query, List<String> key);

  /**
   * Makes a view. Repeatable: after a crash or {@link CaptureBusy}, call it again with the same
   * query and key.
   *
   * @param key the columns that tell its rows apart; empty to find them
   * @throws Refused if the query cannot be kept so, or the name is taken
   * @throws CaptureBusy if a table could not be locked for its triggers
   */
  void create(ViewName view, ViewQuery.Valid query, List<String> key);

  /**
   * Takes a view and all that was generated for it away. Repeatable; does nothing if it keeps none
   * of that name.
   *
   * @throws CaptureBusy if a table could not be locked for its triggers
   * @throws RuntimeException if another view reads it; nothing was changed
   */
  void drop(ViewName view);

  /**
   * Looks whether all writes are still seen, and makes good what is not.
   *
   * @throws CaptureBusy if a lock was not had; the view stays labelled as not exact
   */
  Verdict coverage(ViewName view);

  /** Works in a bounded number of the changes that were captured. */
  Piece workIn(ViewName view);

  /** Takes a part of what no reader needs any more away; returns how many rows. */
  long tidy(ViewName view);

  /** Runs the query whole and compares, in one snapshot; what differs is made good later. */
  Audited audit(ViewName view);

  /**
   * Whether a view reads a table with partitions. Rows that were written through the table into a
   * partition which came and went between two looks stay counted: only an audit tells.
   */
  boolean readsPartitions(ViewName view);

  /**
   * How a view is at this moment.
   *
   * @throws IllegalArgumentException if it keeps no view of that name
   */
  Kept state(ViewName view);
}
