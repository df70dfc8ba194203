package dev.carillon.view.ledger;

import dev.carillon.view.capture.Unhurried;
import dev.carillon.view.keeper.Audited;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Counts a part anew and compares, in one snapshot. Costs as much as the user's own query. */
record Audit(Jdbi jdbi) {

  private record Difference(long mismatches, String sample) {}

  Audited run(PartNames names) {
    return Unhurried.transaction(jdbi, handle -> run(handle, names));
  }

  private static Audited run(Handle handle, PartNames names) {
    List<Difference> differences =
        handle
            .createQuery(names.sql("audit"))
            .map((row, _) -> new Difference(row.getLong("mismatches"), row.getString("sample")))
            .list();
    long mismatches = differences.isEmpty() ? 0 : differences.getFirst().mismatches();
    if (mismatches > 0) {
      handle
          .createUpdate(Ledger.SQL.get("doubt"))
          .bind("view", names.view().text())
          .bind("part", names.number())
          .bind("reason", "the audit found %d groups that differ".formatted(mismatches))
          .execute();
    }
    return new Audited(mismatches, differences.stream().map(Difference::sample).toList());
  }
}
