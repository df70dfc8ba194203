package dev.carillon.view.ledger;

import dev.carillon.view.ViewName;
import dev.carillon.view.capture.Storage;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Reads how a view is. Costs a look at the catalog and a scan of what is pending. */
record StateReader(Jdbi jdbi) {

  private record Pending(long rows, @Nullable Instant oldest) {}

  LedgerState read(ViewName view) {
    return jdbi.inTransaction(handle -> {
      List<StoredPart> parts = StoredPart.of(handle, view);
      return parts.stream()
          .map(part -> read(handle, part))
          .reduce(LedgerState::plus)
          .orElseThrow(() -> new IllegalArgumentException("no ledger keeps a view " + view));
    });
  }

  private static LedgerState read(Handle handle, StoredPart part) {
    Optional<String> trouble = Coverage.trouble(handle, part);
    Pending pending = pending(handle, part.names());
    Storage storage = Storage.of(handle, part.names().base(), part.names().ledger());
    return new LedgerState(
        trouble.isEmpty(),
        trouble.orElse(null),
        pending.rows(),
        pending.oldest(),
        part.syncedAt(),
        storage.keptBytes(),
        storage.waitingBytes(),
        storage.deadRows(),
        storage.xminHolder(),
        storage.xminAge());
  }

  private static Pending pending(Handle handle, PartNames names) {
    return handle
        .createQuery(names.sql("pending"))
        .bind("most", LedgerState.MAX_COUNTED)
        .map((row, _) -> {
          OffsetDateTime oldest = row.getObject("oldest", OffsetDateTime.class);
          return new Pending(row.getLong("pending"), oldest == null ? null : oldest.toInstant());
        })
        .one();
  }
}
