package dev.carillon.view.keeper;

import dev.carillon.view.capture.Storage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a view is at a moment that is kept by the changes that were captured. */
public interface Kept {

  /** Whether nothing is known that it lacks and that was not captured. */
  boolean exact();

  /** Why not; null if exact. */
  @Nullable String reason();

  /** Captured changes that are not worked in yet. */
  long pending();

  /** When the oldest of these was captured; null if there is none. */
  @Nullable Instant oldestPendingAt();

  /** When it was last filled whole; null if never. */
  @Nullable Instant syncedAt();

  /** The room that it takes. */
  Storage storage();

  /**
   * What was committed before this time is in the view.
   *
   * @param now the database's time, no later than the look at the view
   */
  Instant asOf(Instant now);
}
