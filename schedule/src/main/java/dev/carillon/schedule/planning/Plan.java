package dev.carillon.schedule.planning;

import dev.carillon.event.Event;
import dev.carillon.event.EventIds;
import dev.carillon.schedule.Due;
import dev.carillon.schedule.Miss;
import dev.carillon.schedule.RunOrder;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a planner decided for one schedule.
 *
 * @param runs the firings that become events
 * @param misses those that do not
 * @param due how far the schedule is planned now
 * @param endReason why nothing follows any more; null if something does
 */
record Plan(List<Run> runs, List<Miss> misses, Due due, @Nullable String endReason) {

  Plan {
    runs = List.copyOf(runs);
    misses = List.copyOf(misses);
  }

  /**
   * A firing that becomes an event.
   *
   * @param order what the event says
   * @param key makes it the only one of its kind
   * @param due when it is to begin
   * @param tzdbVersion what its nominal time was derived with
   */
  record Run(RunOrder order, String key, Instant due, String tzdbVersion) {

    Event event(EventIds ids) {
      return order.event(ids.next(), key, due, tzdbVersion);
    }
  }
}
