package dev.carillon.view.catalog;

import static java.util.Objects.requireNonNull;

import dev.carillon.view.ViewName;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The last refresh of a view: a row of {@code materialized_view_refresh_log}.
 *
 * @param view which one
 * @param at what was committed before then is in the view
 * @param duration how long it took; null if whoever wrote the row did not say
 * @param totalJobs how many jobs the view has; null if it is not about jobs
 * @param totalObjects how many objects these have; null if it is not about jobs
 */
public record Refreshed(
    ViewName view,
    Instant at,
    @Nullable Duration duration,
    @Nullable Long totalJobs,
    @Nullable Long totalObjects) {

  public Refreshed {
    requireNonNull(view, "view is null");
    requireNonNull(at, "at is null");
  }

  /** How fast it was; null if it is not known how long it took. */
  public @Nullable Rating rating() {
    return duration == null ? null : Rating.of(duration);
  }
}
