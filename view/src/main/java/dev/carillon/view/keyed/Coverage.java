package dev.carillon.view.keyed;

import dev.carillon.view.capture.SourceTree;
import dev.carillon.view.capture.Triggers;
import dev.carillon.view.capture.Unhurried;
import dev.carillon.view.keeper.Verdict;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Looks whether all that writes to the tables is still seen, and makes good what is not. */
record Coverage(Jdbi jdbi, Triggers triggers, Resync resync) {

  /** Why something may be missing that is not recorded, or nothing. Only looks. */
  static Optional<String> trouble(Handle handle, StoredView view) {
    if (view.dropping()) {
      return Optional.of("it is being dropped");
    }
    if (view.isGone(handle)) {
      return Optional.of("its table is gone");
    }
    if (view.fingerprint() == null) {
      return Optional.of("it has not been filled yet");
    }
    List<SourceTree> trees = view.trees(handle);
    return StoredView.gap(trees)
        .or(() ->
            StoredView.fingerprint(trees).equals(view.fingerprint())
                ? Optional.empty()
                : Optional.of("partitions or triggers were changed"))
        .or(() -> view.exact() ? Optional.empty() : Optional.ofNullable(view.reason()));
  }

  /** The same, unless nothing can be done about it and nothing else has changed since. */
  static Optional<String> unsolved(Handle handle, StoredView view) {
    return view.isGone(handle)
        ? Optional.empty()
        : trouble(handle, view).filter(reason -> !isKnown(handle, view, reason));
  }

  /** Looks, and makes good. */
  Verdict check(StoredView view) {
    Optional<String> trouble = jdbi.withHandle(handle -> trouble(handle, view));
    if (trouble.isEmpty()) {
      return Verdict.SURE;
    }
    String reason = trouble.get();
    if (jdbi.withHandle(view::isGone)) {
      unsure(view.names(), reason);
      return new Verdict(false, reason, false);
    }
    if (jdbi.withHandle(handle -> unsolved(handle, view)).isEmpty() || isBeingFilled(view)) {
      return new Verdict(false, reason, false);
    }
    unsure(view.names(), reason);
    KeyedCapture.renew(triggers.patiently(), view);
    view.captures().forEach(capture -> triggers.makeWhole(capture, view.names()::mayCapture));
    Verdict mended = resync.mend(view).verdict();
    return mended.exact() && mended.resynced() ? new Verdict(true, reason, true) : mended;
  }

  /** Another process is at it. */
  private boolean isBeingFilled(StoredView view) {
    return jdbi.withHandle(handle -> Unhurried.isBeingFilled(handle, view.names().target()));
  }

  /** Notes that the view may lack something; unless it is being filled anew. */
  void unsure(KeyedNames names, String reason) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(Keyed.SQL.get("unsure"))
            .bind("view", names.view().text())
            .bind("reason", reason)
            .execute());
  }

  private static boolean isKnown(Handle handle, StoredView view, String reason) {
    List<SourceTree> trees = view.trees(handle);
    return Objects.equals(view.reason(), reason)
        && StoredView.fingerprint(trees).equals(view.fingerprint())
        && StoredView.gap(trees).isPresent();
  }
}
