package dev.carillon.view.full;

import static java.util.Objects.requireNonNull;

import dev.carillon.view.ViewName;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a refresh did.
 *
 * @param view which view
 * @param asOf what was committed before then is in it
 * @param duration how long the refresh took, with its wait for locks, by the database's clock
 * @param waitReason why readers had to wait meanwhile; null if they did not
 * @param totals what the view holds now
 */
public record RefreshReport(
    ViewName view, Instant asOf, Duration duration, @Nullable String waitReason, Totals totals) {

  public RefreshReport {
    requireNonNull(view, "view is null");
    requireNonNull(asOf, "asOf is null");
    requireNonNull(duration, "duration is null");
    requireNonNull(totals, "totals is null");
  }

  /** Whether readers went on meanwhile. */
  public boolean concurrently() {
    return waitReason == null;
  }
}
