package dev.carillon.view.keyed;

import dev.carillon.view.capture.Patiently;
import dev.carillon.view.capture.SourceTree;
import dev.carillon.view.keeper.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Fills a view whole: runs the query, writes what differs and forgets the recorded keys, all in one
 * snapshot. Each writer either ended before the snapshot, or its keys are recorded after it; so
 * none is waited for, and none is lost. Work waits meanwhile; readers do not.
 */
record Resync(Jdbi jdbi, Patiently patiently) {

  /**
   * What a filling did.
   *
   * @param worked what was written
   * @param verdict whether the view is exact now
   */
  record Synced(Worked worked, Verdict verdict) {}

  /** Fills the view. */
  Synced run(StoredView view) {
    return run(view, _ -> Optional.of("it was asked for"));
  }

  /** The same, unless another process did it while this one waited for the lock. */
  Synced mend(StoredView view) {
    return run(view, handle -> unsolved(handle, view.names()));
  }

  private Synced run(StoredView view, Function<Handle, Optional<String>> why) {
    List<String> tables = jdbi.withHandle(handle -> tables(handle, view));
    if (tables.size() < view.sources().size()) {
      return new Synced(Worked.NOTHING, new Verdict(false, "a table is gone", false));
    }
    return patiently.snapshot(
        "re-sync of " + view.names().view(),
        // The locks come first: a TRUNCATE in between would be seen in the table only.
        view.names().sql("lock_for_sync", Map.of("tables", String.join(", ", tables))),
        handle ->
            why.apply(handle)
                .map(reason -> fill(handle, view, reason))
                .orElseGet(() -> new Synced(Worked.NOTHING, look(handle, view))));
  }

  private static Optional<String> unsolved(Handle handle, KeyedNames names) {
    return handle.createQuery(names.sql("is_whole")).mapTo(Boolean.class).one()
        ? Optional.of("a table was truncated")
        : StoredView.find(handle, names.view()).flatMap(v -> Coverage.unsolved(handle, v));
  }

  private static Verdict look(Handle handle, StoredView view) {
    return StoredView.find(handle, view.names().view())
        .flatMap(now -> Coverage.trouble(handle, now))
        .map(reason -> new Verdict(false, reason, false))
        .orElse(Verdict.SURE);
  }

  private static List<String> tables(Handle handle, StoredView view) {
    return handle
        .createQuery(Keyed.SQL.get("names"))
        .bind("sources", view.sources().toArray(Long[]::new))
        .mapTo(String.class)
        .list();
  }

  private static Synced fill(Handle handle, StoredView view, String why) {
    KeyedNames names = view.names();
    // From now on no label can make all this in vain at its end.
    handle
        .createQuery(Keyed.SQL.get("guard_sync"))
        .bind("view", names.view().text())
        .mapTo(Boolean.class)
        .findOne();
    List<SourceTree> trees = view.trees(handle);
    Optional<String> gap = StoredView.gap(trees);
    Worked worked =
        handle
            .createQuery(names.sql("sync"))
            .map((row, _) -> Worked.from(row, names, Integer.MAX_VALUE))
            .one();
    handle
        .createUpdate(Keyed.SQL.get("synced"))
        .bind("view", names.view().text())
        .bind("fingerprint", StoredView.fingerprint(trees))
        .bind("reason", gap.orElse(null))
        .execute();
    return new Synced(worked, new Verdict(gap.isEmpty(), gap.orElse(why), true));
  }
}
