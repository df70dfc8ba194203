package dev.carillon.refresh.drain;

import static java.util.Objects.requireNonNull;

import dev.carillon.refresh.pace.Pace;
import dev.carillon.refresh.queue.RefreshQueue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a source's refreshing is.
 *
 * @param source the source's name
 * @param queue what waits; null if the queue does not answer
 * @param tempo how fast the source is called, and why not at all; null if its store does not answer
 * @param failuresLastDay how many calls failed in the last 24 hours, at most {@link
 *     dev.carillon.refresh.record.Failures#MOST_COUNTED}; null if the database does not answer
 * @param lastDrain the drain that was begun last; null if there was none, or the database does not
 *     answer
 * @param troubles what does not answer, fit to be shown; none if all is well
 */
public record RefreshHealth(
    String source,
    RefreshQueue.@Nullable State queue,
    Pace.@Nullable Reading tempo,
    @Nullable Integer failuresLastDay,
    @Nullable PastDrain lastDrain,
    List<String> troubles) {

  public RefreshHealth {
    requireNonNull(source, "source is null");
    troubles = List.copyOf(troubles);
  }

  /** Whether all stores answer. A paused source is no fault of ours. */
  public boolean isHealthy() {
    return troubles.isEmpty();
  }
}
