package dev.carillon.view.ledger;

import dev.carillon.view.capture.CaptureBusy;
import dev.carillon.view.capture.Patiently;
import org.jdbi.v3.core.Handle;

/**
 * Takes groups out of a base that have no rows any more. It reads the whole base.
 *
 * @param patiently gives up at once when the base is being filled anew
 */
record Sweep(Patiently patiently) {

  /** The most groups that one sweep takes out at once; folds wait meanwhile. */
  static final int MAX_GROUPS = 50_000;

  /** The most pieces of one sweep. What is left is taken by the next. */
  static final int MAX_PIECES = 20;

  /** Returns how many were taken out. */
  long run(PartNames names) {
    long all = 0;
    try {
      for (int i = 0; i < MAX_PIECES; i++) {
        long swept =
            patiently.transaction("sweep of " + names.view(), handle -> sweep(handle, names));
        all += swept;
        if (swept < MAX_GROUPS) {
          break;
        }
      }
    } catch (CaptureBusy _) {
      // What is left is taken by the next.
    }
    return all;
  }

  private static long sweep(Handle handle, PartNames names) {
    if (!Fold.guard(handle, names)) {
      return 0;
    }
    long swept =
        handle.createQuery(names.sql("sweep")).bind("most", MAX_GROUPS).mapTo(Long.class).one();
    if (swept > 0) {
      handle
          .createUpdate(Ledger.SQL.get("swept"))
          .bind("view", names.view().text())
          .bind("part", names.number())
          .execute();
    }
    return swept;
  }
}
