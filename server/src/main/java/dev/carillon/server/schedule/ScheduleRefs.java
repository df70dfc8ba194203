package dev.carillon.server.schedule;

import dev.carillon.schedule.Definition;
import dev.carillon.schedule.Names;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.UnreadableSchedule;
import dev.carillon.schedule.planning.Change;
import dev.carillon.schedule.planning.Schedules;
import dev.carillon.server.http.PathIds;
import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import dev.carillon.server.http.QueryFields;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What paths call schedules: by id, or by name in the group that the parameter {@code group} names.
 *
 * @param schedules where they are
 */
record ScheduleRefs(Schedules schedules) {

  static final String GROUP = "group";

  /** The parameters of a path that names a schedule. */
  static final Set<String> ONLY_GROUP = Set.of(GROUP);

  /** The schedule's group, as the query says; null for the default. */
  static @Nullable String group(QueryFields query) {
    return query.optional(GROUP, Names.ALLOWED, text -> Optional.of(text).filter(Names::isName));
  }

  /**
   * The schedule that a path means; an id is looked for first.
   *
   * @throws ProblemException 404 if there is none, 409 if this process cannot read it
   */
  Schedule known(String ref, @Nullable String group) {
    try {
      return found(ref, group);
    } catch (UnreadableSchedule e) {
      throw new ProblemException(
          Problem.of(409, "this process cannot read the schedule: " + e.getMessage()));
    }
  }

  /**
   * The same, for who can do with one that cannot be read.
   *
   * @throws ProblemException 404 if there is none
   * @throws UnreadableSchedule if this process cannot read it
   */
  Schedule found(String ref, @Nullable String group) {
    return PathIds.find(ref)
        .flatMap(schedules::find)
        .or(() -> schedules.find(group == null ? Definition.DEFAULT_GROUP : group, ref))
        .orElseThrow(() -> refusal(new Change.NotFound()));
  }

  /**
   * The schedule that a change made.
   *
   * @throws ProblemException 404 or 409 if it was refused, 400 if it names what is not there
   */
  static Schedule done(Change change) {
    if (change instanceof Change.Done(Schedule schedule, var _)) {
      return schedule;
    }
    throw refusal(change);
  }

  private static ProblemException refusal(Change change) {
    return new ProblemException(
        switch (change) {
          case Change.Done _ -> throw new IllegalStateException("it was made: " + change);
          case Change.NotFound() -> Problem.of(404, "there is no such schedule");
          case Change.NameTaken(String group, String name) ->
              Problem.of(
                  409, "the group %s has a schedule named %s already".formatted(group, name));
          case Change.UnknownCalendar(String name) ->
              Problem.invalid("calendars", "names %s, which is not there".formatted(name));
          case Change.Conflict(String reason) -> Problem.of(409, reason);
        });
  }
}
