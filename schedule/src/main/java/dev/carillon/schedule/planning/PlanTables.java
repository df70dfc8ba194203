package dev.carillon.schedule.planning;

import dev.carillon.event.Event;
import dev.carillon.event.EventIds;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.schedule.Misses;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.ScheduleTable;
import dev.carillon.store.EventStore;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Writes plans, within the transaction that holds the locks of their schedules.
 *
 * @param planner decides them
 * @param ids names the events
 */
record PlanTables(Planner planner, EventIds ids) {

  /**
   * Writes what was decided: events, misses, and how far the schedules are planned now.
   *
   * @return when the first of the events is due; empty if there are none
   */
  Optional<Instant> write(Handle handle, List<Plan> plans) {
    List<Plan.Run> runs = plans.stream().flatMap(plan -> plan.runs().stream()).toList();
    Misses.note(handle, plans.stream().flatMap(plan -> plan.misses().stream()).toList());
    ScheduleTable.advance(handle, plans.stream().map(this::advance).toList());
    return plan(handle, runs);
  }

  /** Makes runs due; tells when the first one is. */
  Optional<Instant> plan(Handle handle, List<Plan.Run> runs) {
    List<Event> events = runs.stream().map(run -> run.event(ids)).toList();
    PostgresEventStore.plan(handle, events);
    return runs.stream().map(Plan.Run::due).min(Instant::compareTo);
  }

  /** Makes many runs due; tells how many were not due yet. */
  int planAll(Handle handle, List<Plan.Run> runs) {
    int added = 0;
    for (int from = 0; from < runs.size(); from += EventStore.MAX_BATCH) {
      int to = Math.min(from + EventStore.MAX_BATCH, runs.size());
      List<Event> events = runs.subList(from, to).stream().map(run -> run.event(ids)).toList();
      added += PostgresEventStore.plan(handle, events);
    }
    return added;
  }

  /** How far a schedule is planned after a plan. */
  ScheduleTable.Advance advance(Plan plan) {
    return new ScheduleTable.Advance(plan.due(), planner.zones().version(), plan.endReason());
  }

  /** The dates on which a schedule does not fire since its calendars say so. */
  static Set<LocalDate> closed(Handle handle, Schedule schedule) {
    return closed(schedule, ScheduleTable.calendarDates(handle, calendars(List.of(schedule))));
  }

  static Set<String> calendars(Collection<Schedule> schedules) {
    return schedules.stream()
        .flatMap(schedule -> schedule.definition().timing().calendars().stream())
        .collect(Collectors.toSet());
  }

  static Set<LocalDate> closed(Schedule schedule, Map<String, Set<LocalDate>> calendars) {
    Set<LocalDate> dates = new HashSet<>();
    for (String name : schedule.definition().timing().calendars()) {
      dates.addAll(calendars.getOrDefault(name, Set.of()));
    }
    return dates;
  }
}
