package dev.carillon.view.catalog;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Changes that were captured and not yet worked into a view.
 *
 * @param changes how many
 * @param oldestAt when the oldest was made; null if there is none
 */
public record Pending(long changes, @Nullable Instant oldestAt) {

  /** None. */
  public static final Pending NONE = new Pending(0, null);

  public Pending {
    if (changes < 0 || (changes == 0) != (oldestAt == null)) {
      throw new IllegalArgumentException(
          "%d changes, the oldest at %s".formatted(changes, oldestAt));
    }
  }
}
