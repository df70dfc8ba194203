package dev.carillon.view.catalog;

import static java.util.Objects.requireNonNull;

import dev.carillon.view.ViewName;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A refresh that was asked for, and what came of it.
 *
 * @param view of which view
 * @param cause who asked for it
 * @param outcome what came of it
 * @param asOf what was committed before then is in the view; null if it was not refreshed
 * @param duration how long it took until it ended
 * @param concurrently whether readers went on meanwhile; null if it was not refreshed
 * @param rows how many rows the view had then; null if it was not refreshed
 * @param totalJobs how many jobs; null if the view is not about jobs, or was not refreshed
 * @param totalObjects how many objects; null if the view is not about jobs, or was not refreshed
 * @param note the error, who was at it already, or why readers had to wait; null if nothing is to
 *     be said
 */
public record PastRefresh(
    ViewName view,
    Cause cause,
    Outcome outcome,
    @Nullable Instant asOf,
    Duration duration,
    @Nullable Boolean concurrently,
    @Nullable Long rows,
    @Nullable Long totalJobs,
    @Nullable Long totalObjects,
    @Nullable String note) {

  /** Who asked for a refresh. */
  public enum Cause {
    /** Somebody, by hand. */
    MANUAL,
    /** A schedule. */
    SCHEDULE,
    /** A migration. */
    MIGRATE,
    /** The upkeep, after a failure. */
    RETRY
  }

  /** What came of a refresh. */
  public enum Outcome {
    /** The view is up to date. */
    REFRESHED,
    /** Another refresh was under way: this one was left out. */
    BUSY,
    /** It cannot be done until somebody changes something. */
    IMPOSSIBLE,
    /** It failed; the view is as before. */
    FAILED
  }

  public PastRefresh {
    requireNonNull(view, "view is null");
    requireNonNull(cause, "cause is null");
    requireNonNull(outcome, "outcome is null");
    requireNonNull(duration, "duration is null");
  }

  /** One that did not refresh the view. */
  public static PastRefresh without(
      ViewName view, Cause cause, Outcome outcome, Duration duration, String note) {
    return new PastRefresh(view, cause, outcome, null, duration, null, null, null, null, note);
  }
}
