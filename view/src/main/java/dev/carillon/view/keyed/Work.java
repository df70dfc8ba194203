package dev.carillon.view.keyed;

import dev.carillon.view.capture.CaptureBusy;
import dev.carillon.view.capture.Patiently;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Works recorded keys off. One statement takes the keys that it sees away, runs the query for them
 * and writes what differs, all in its one snapshot: a key whose writer commits later stays recorded
 * and is taken later, so nothing depends on an order.
 *
 * @param patiently gives up at once when the view is being filled whole
 * @param resync fills it whole, where a TRUNCATE touched all keys
 */
record Work(Patiently patiently, Resync resync, int maxRows) {

  Worked run(StoredView view) {
    try {
      Optional<Worked> worked =
          patiently.transaction("work on " + view.names().view(), handle -> work(handle, view));
      return worked.isPresent() ? worked.get() : resync.mend(view).worked();
    } catch (CaptureBusy e) {
      return Worked.BUSY;
    }
  }

  /** Empty if all keys are touched. */
  private Optional<Worked> work(Handle handle, StoredView view) {
    KeyedNames names = view.names();
    boolean guarded =
        handle
            .createQuery(Keyed.SQL.get("guard"))
            .bind("view", names.view().text())
            .mapTo(Boolean.class)
            .findOne()
            .isPresent();
    if (view.isGone(handle)) {
      return Optional.of(Worked.NOTHING);
    }
    if (!guarded) {
      return Optional.of(Worked.BUSY);
    }
    if (handle.createQuery(names.sql("is_whole")).mapTo(Boolean.class).one()) {
      return Optional.empty();
    }
    Worked all =
        handle.createQuery(names.sql("patterns")).mapTo(String.class).list().stream()
            .map(pattern -> work(handle, names, pattern))
            .reduce(Worked.NOTHING, Worked::plus);
    if (all.rows() > 0) {
      handle.createUpdate(Keyed.SQL.get("worked")).bind("view", names.view().text()).execute();
    }
    return Optional.of(all);
  }

  private Worked work(Handle handle, KeyedNames names, String pattern) {
    return handle
        .createQuery(names.sql("work", names.matching(pattern)))
        .bind("most", maxRows)
        .map((row, _) -> Worked.from(row, names, maxRows))
        .one();
  }
}
