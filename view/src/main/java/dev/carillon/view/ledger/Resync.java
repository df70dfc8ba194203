package dev.carillon.view.ledger;

import dev.carillon.view.capture.Patiently;
import dev.carillon.view.capture.SourceTree;
import dev.carillon.view.keeper.Verdict;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Fills a base anew: what the table has, less what the ledger has, both in one snapshot. Each
 * writer either ended before the snapshot, or its row in the ledger comes after it; so none is
 * waited for, and none is lost. Folds wait meanwhile.
 */
record Resync(Jdbi jdbi, Patiently patiently) {

  /** Fills the base of one part. */
  void run(PartNames names) {
    run(names, _ -> Optional.of("it was asked for"));
  }

  /** The same, unless another process did it while this one waited for the lock. */
  Verdict mend(PartNames names) {
    return run(names, handle -> current(handle, names).flatMap(p -> Coverage.unsolved(handle, p)));
  }

  private Verdict run(PartNames names, Function<Handle, Optional<String>> why) {
    Optional<SourceTree.Member> root =
        jdbi.withHandle(handle -> SourceTree.of(handle, names.capture(handle))).root();
    return root.isEmpty()
        ? new Verdict(false, "the table is gone", false)
        : patiently.snapshot(
            "re-sync of " + names.view(),
            // The locks come first: a TRUNCATE in between would be seen in the table only.
            names.sql("lock_for_sync", Map.of("table", root.get().name())),
            handle ->
                why.apply(handle)
                    .map(reason -> fill(handle, names, reason))
                    .orElseGet(() -> look(handle, names)));
  }

  private static Optional<StoredPart> current(Handle handle, PartNames names) {
    return StoredPart.of(handle, names.view()).stream()
        .filter(part -> part.names().equals(names))
        .findFirst();
  }

  private static Verdict look(Handle handle, PartNames names) {
    return current(handle, names)
        .flatMap(part -> Coverage.trouble(handle, part))
        .map(reason -> new Verdict(false, reason, false))
        .orElse(Verdict.SURE);
  }

  private static Verdict fill(Handle handle, PartNames names, String why) {
    // From now on no label can make all this in vain at its end.
    handle
        .createQuery(Ledger.SQL.get("guard_sync"))
        .bind("view", names.view().text())
        .bind("part", names.number())
        .mapTo(Boolean.class)
        .findOne();
    SourceTree tree = SourceTree.of(handle, names.capture(handle));
    Optional<String> gap = tree.gap();
    handle.execute(names.sql("empty"));
    handle.execute(names.sql("fill"));
    handle
        .createUpdate(Ledger.SQL.get("synced"))
        .bind("view", names.view().text())
        .bind("part", names.number())
        .bind("fingerprint", tree.fingerprint())
        .bind("reason", gap.orElse(null))
        .execute();
    return new Verdict(gap.isEmpty(), gap.orElse(why), true);
  }
}
