package dev.carillon.schedule.planning;

import dev.carillon.schedule.Due;
import dev.carillon.schedule.Schedule;

/** What became of a request to change a schedule. */
public sealed interface Change {

  /**
   * Done.
   *
   * @param schedule as it is now
   * @param due what is next
   */
  record Done(Schedule schedule, Due due) implements Change {}

  /** There is no such schedule. */
  record NotFound() implements Change {}

  /** Another schedule of the group has the name. */
  record NameTaken(String group, String name) implements Change {}

  /** There is no calendar of this name. */
  record UnknownCalendar(String name) implements Change {}

  /**
   * The schedule's state or revision does not allow it.
   *
   * @param reason why, for people
   */
  record Conflict(String reason) implements Change {}
}
