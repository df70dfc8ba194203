package dev.carillon.view.ledger;

import dev.carillon.view.capture.CaptureBusy;
import dev.carillon.view.capture.Patiently;
import org.jdbi.v3.core.Handle;

/**
 * Moves rows of a ledger into its base. It takes the rows that it sees away and adds them up in one
 * statement: a row that is committed later is simply seen later, so nothing depends on an order.
 *
 * @param patiently gives up at once when the base is being filled anew
 */
record Fold(Patiently patiently) {

  Folded run(PartNames names) {
    try {
      return patiently.transaction("fold of " + names.view(), handle -> fold(handle, names));
    } catch (CaptureBusy e) {
      return new Folded(0, 0, true);
    }
  }

  /** Whether nobody else writes to the base, and will not until the transaction ends. */
  static boolean guard(Handle handle, PartNames names) {
    return handle
        .createQuery(Ledger.SQL.get("guard"))
        .bind("view", names.view().text())
        .bind("part", names.number())
        .mapTo(Boolean.class)
        .findOne()
        .isPresent();
  }

  private static Folded fold(Handle handle, PartNames names) {
    if (!guard(handle, names)) {
      return new Folded(0, 0, true);
    }
    Folded folded =
        handle
            .createQuery(names.sql("fold"))
            .bind("most", Folded.MAX_ROWS)
            .map((row, _) -> new Folded(row.getLong("rows"), row.getLong("groups"), false))
            .one();
    if (folded.rows() > 0) {
      handle
          .createUpdate(Ledger.SQL.get("folded"))
          .bind("view", names.view().text())
          .bind("part", names.number())
          .execute();
    }
    return folded;
  }
}
