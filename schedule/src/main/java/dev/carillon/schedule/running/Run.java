package dev.carillon.schedule.running;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.schedule.RunOrder;
import dev.carillon.schedule.Schedule;
import dev.carillon.target.Attempt;
import org.jspecify.annotations.Nullable;

/**
 * An attempt at a firing, as its target sees it.
 *
 * @param schedule as it is now
 * @param order which nominal time, and why
 * @param attempt which try; its event's id is the run's, the same over all tries
 * @param input what the schedule hands to the target; null if it has no template
 */
public record Run(Schedule schedule, RunOrder order, Attempt attempt, @Nullable String input) {

  public Run {
    requireNonNull(schedule, "schedule is null");
    requireNonNull(order, "order is null");
    requireNonNull(attempt, "attempt is null");
  }

  /** What the schedule's target wants to know. */
  public ObjectNode settings() {
    return schedule.definition().target().settings();
  }
}
