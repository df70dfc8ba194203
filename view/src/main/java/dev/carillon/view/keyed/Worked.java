package dev.carillon.view.keyed;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What a piece of work did.
 *
 * @param rows recorded keys that are gone from the record
 * @param keys different ones among them, for which the query was run
 * @param written rows of the view that are new or differ now
 * @param removed rows of the view that are gone
 * @param full whether more is likely to be there, so that another piece should follow at once
 * @param busy whether another process was at it, so that nothing was done
 */
public record Worked(long rows, long keys, long written, long removed, boolean full, boolean busy) {

  static final Worked NOTHING = new Worked(0, 0, 0, 0, false, false);

  static final Worked BUSY = new Worked(0, 0, 0, 0, false, true);

  /**
   * Reads what a statement did.
   *
   * @throws AmbiguousKey if it was given several rows of one key
   */
  static Worked from(ResultSet row, KeyedNames names, int maxRows) throws SQLException {
    if (row.getBoolean("ambiguous")) {
      throw new AmbiguousKey(names.keys());
    }
    long rows = row.getLong("rows");
    return new Worked(
        rows,
        row.getLong("keys"),
        row.getLong("written"),
        row.getLong("removed"),
        rows >= maxRows,
        false);
  }

  Worked plus(Worked other) {
    return new Worked(
        rows + other.rows,
        keys + other.keys,
        written + other.written,
        removed + other.removed,
        full || other.full,
        busy || other.busy);
  }
}
