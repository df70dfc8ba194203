package dev.carillon.schedule.history;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.EventOperations.Details;
import dev.carillon.schedule.RunOrder;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run of a schedule, as far as it has come.
 *
 * @param order which nominal time, and why
 * @param details its event
 * @param startedAt when its first attempt began, where that was logged; null if it was not, or has
 *     not begun
 */
public record PastRun(RunOrder order, Details details, @Nullable Instant startedAt) {

  public PastRun {
    requireNonNull(order, "order is null");
    requireNonNull(details, "details is null");
  }

  /** When it was to begin: the nominal time, and its place in the flexible window. */
  public Instant dueAt() {
    return details.event().at().instant();
  }

  /**
   * How late it began: from when it was due to its first attempt's begin or, where that was not
   * logged, to the end of the run. Never negative; null if it was never attempted.
   */
  public @Nullable Duration lateness() {
    Instant began = startedAt == null ? details.executedAt() : startedAt;
    if (began == null) {
      return null;
    }
    Duration late = Duration.between(dueAt(), began);
    return late.isNegative() ? Duration.ZERO : late;
  }

  /** How many attempts were begun. */
  public int attempts() {
    return switch (details.status()) {
      case PENDING -> details.retryCount();
      case PROCESSING, COMPLETED, FAILED, CANCELLED ->
          details.version() == 0 ? 0 : details.retryCount() + 1;
    };
  }

  /** Whether nothing follows but a redrive by hand. */
  public boolean hasEnded() {
    return details.status().isFinal();
  }
}
