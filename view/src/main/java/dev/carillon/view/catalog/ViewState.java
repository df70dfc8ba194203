package dev.carillon.view.catalog;

import dev.carillon.view.ViewName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a registered view is.
 *
 * @param view which one
 * @param exact whether nothing is known that makes it differ from its query as of its time
 * @param reason why it is not exact; null if it is
 * @param provenAt when it was last known to be as fresh as it says; null if never
 * @param failures how many attempts to bring it up to date failed in a row
 * @param lastError why the last one failed; null if it did not
 * @param lastErrorAt when it failed; null if it did not
 * @param retryAt when it is tried again; null if it did not fail
 */
public record ViewState(
    ViewName view,
    boolean exact,
    @Nullable String reason,
    @Nullable Instant provenAt,
    int failures,
    @Nullable String lastError,
    @Nullable Instant lastErrorAt,
    @Nullable Instant retryAt) {

  public ViewState {
    if (exact != (reason == null)) {
      throw new IllegalArgumentException("a view that is not exact has a reason, and only that");
    }
  }

  /**
   * The same of a view whose exactness was just looked at.
   *
   * @param newReason why it is not exact; null if it is
   */
  public ViewState because(@Nullable String newReason) {
    return new ViewState(
        view, newReason == null, newReason, provenAt, failures, lastError, lastErrorAt, retryAt);
  }
}
