package dev.carillon.schedule.running;

import dev.carillon.schedule.RunOrder;
import dev.carillon.schedule.Schedule;
import dev.carillon.target.Attempt;

/** Makes what a target is handed of a schedule's template. Implementations are pure. */
@FunctionalInterface
public interface Inputs {

  /** Templates are taken as they are. */
  Inputs VERBATIM = (template, _, _, _) -> template;

  /**
   * The input of an attempt.
   *
   * @throws IllegalArgumentException if the template cannot be filled: the run fails for good
   */
  String render(String template, Schedule schedule, RunOrder order, Attempt attempt);
}
