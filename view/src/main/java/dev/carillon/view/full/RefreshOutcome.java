package dev.carillon.view.full;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What came of a refresh that was asked for. */
public sealed interface RefreshOutcome {

  /** The view is up to date. */
  record Refreshed(RefreshReport report) implements RefreshOutcome {
    public Refreshed {
      requireNonNull(report, "report is null");
    }
  }

  /**
   * Somebody else is at it: this refresh was left out, and is not made up for.
   *
   * @param by who; null if they were gone when we looked
   */
  record Busy(@Nullable Holder by) implements RefreshOutcome {

    /** The same for people. */
    public String message() {
      return by == null
          ? "another refresh of it was under way"
          : "process %d (%s) has held it since %s"
              .formatted(
                  by.pid(), by.application().isEmpty() ? "unnamed" : by.application(), by.since());
    }
  }

  /**
   * A server process that holds a lock on the view.
   *
   * @param pid its process number
   * @param application what its client calls itself; empty if nothing, or we may not see it
   * @param since when its transaction began; null if we may not see it
   */
  record Holder(int pid, String application, @Nullable Instant since) {}

  /**
   * It cannot be done until somebody changes something.
   *
   * @param reason why
   * @param remedy what to do
   */
  record Impossible(String reason, String remedy) implements RefreshOutcome {
    public Impossible {
      requireNonNull(reason, "reason is null");
      requireNonNull(remedy, "remedy is null");
    }
  }

  /**
   * It failed; the view is as before.
   *
   * @param error why
   * @param passing whether the same may well work in a moment
   */
  record Failed(String error, boolean passing) implements RefreshOutcome {
    public Failed {
      requireNonNull(error, "error is null");
    }
  }
}
