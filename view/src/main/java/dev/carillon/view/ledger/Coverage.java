package dev.carillon.view.ledger;

import dev.carillon.view.capture.SourceTree;
import dev.carillon.view.capture.Triggers;
import dev.carillon.view.capture.Unhurried;
import dev.carillon.view.keeper.Verdict;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Looks whether all that writes to a table is still seen, and makes good what is not: a leaf was
 * attached, detached or truncated, or a trigger was touched.
 */
record Coverage(Jdbi jdbi, Triggers triggers, Resync resync) {

  /** Why the numbers may be wrong at this moment, or nothing. Only looks. */
  static Optional<String> trouble(Handle handle, StoredPart part) {
    if (part.dropping()) {
      return Optional.of("it is being dropped");
    }
    if (part.fingerprint() == null) {
      return Optional.of("it has not been filled yet");
    }
    SourceTree tree = SourceTree.of(handle, part.names().capture(handle));
    return tree.gap()
        .or(() -> doubt(handle, part.names()))
        .or(() ->
            tree.fingerprint().equals(part.fingerprint())
                ? Optional.empty()
                : Optional.of("partitions or triggers were changed"))
        .or(() -> part.exact() ? Optional.empty() : Optional.ofNullable(part.reason()));
  }

  /** The same, unless nothing can be done about it and nothing else has changed since. */
  static Optional<String> unsolved(Handle handle, StoredPart part) {
    return part.dropping()
        ? Optional.empty()
        : trouble(handle, part).filter(reason -> !isKnown(handle, part, reason));
  }

  /** Looks, and makes good. */
  Verdict check(StoredPart part) {
    Optional<String> trouble = jdbi.withHandle(handle -> trouble(handle, part));
    if (trouble.isEmpty()) {
      return Verdict.SURE;
    }
    Optional<String> unsolved = jdbi.withHandle(handle -> unsolved(handle, part));
    if (unsolved.isEmpty()) {
      return new Verdict(false, trouble.get(), false);
    }
    unsure(part.names(), unsolved.get());
    // Even while another process fills the base: writes fail where a column has another name.
    PartCapture.renew(triggers.patiently(), part.names());
    if (isBeingFilled(part.names())) {
      return new Verdict(false, trouble.get(), false);
    }
    triggers.makeWhole(jdbi.withHandle(part.names()::capture), part.names()::mayCapture);
    Verdict mended = resync.mend(part.names());
    return mended.exact() && mended.resynced() ? new Verdict(true, unsolved.get(), true) : mended;
  }

  /** Another process is at it. */
  private boolean isBeingFilled(PartNames names) {
    return jdbi.withHandle(handle -> Unhurried.isBeingFilled(handle, names.base()));
  }

  private static boolean isKnown(Handle handle, StoredPart part, String reason) {
    SourceTree tree = SourceTree.of(handle, part.names().capture(handle));
    return Objects.equals(part.reason(), reason)
        && tree.fingerprint().equals(part.fingerprint())
        && tree.gap().isPresent()
        && doubt(handle, part.names()).isEmpty();
  }

  private void unsure(PartNames names, String reason) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(Ledger.SQL.get("unsure"))
            .bind("view", names.view().text())
            .bind("part", names.number())
            .bind("reason", reason)
            .execute());
  }

  private static Optional<String> doubt(Handle handle, PartNames names) {
    return handle
        .createQuery(Ledger.SQL.get("doubts"))
        .bind("view", names.view().text())
        .bind("part", names.number())
        .mapTo(String.class)
        .findFirst();
  }
}
