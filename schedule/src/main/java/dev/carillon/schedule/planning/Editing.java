package dev.carillon.schedule.planning;

import dev.carillon.event.Event;
import dev.carillon.postgres.SubjectEvents;
import dev.carillon.schedule.Definition;
import dev.carillon.schedule.Due;
import dev.carillon.schedule.FiringKind;
import dev.carillon.schedule.Miss;
import dev.carillon.schedule.Misses;
import dev.carillon.schedule.RunOrder;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.ScheduleState;
import dev.carillon.schedule.ScheduleTable;
import dev.carillon.schedule.Timing;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/**
 * One change of one schedule, within the transaction that holds its locks.
 *
 * @param handle the transaction
 * @param schedule as it was before
 * @param tables writes plans
 * @param now when the change is made
 */
record Editing(Handle handle, Schedule schedule, PlanTables tables, Instant now) {

  private static final String CHANGED = "the schedule was changed";

  /** A change of a schedule whose row the caller has locked. */
  static Editing of(Handle handle, Schedule locked, PlanTables tables, Instant now) {
    return new Editing(handle, locked, tables, now);
  }

  /** The making of a schedule. */
  static Editing ofNew(Handle handle, Schedule schedule, PlanTables tables) {
    return new Editing(handle, schedule, tables, schedule.createdAt());
  }

  Change insert() {
    boolean isPaused = schedule.standing().state() == ScheduleState.PAUSED;
    Due due = new Due(schedule.id(), null, justBefore(now), null);
    Plan plan = isPaused ? stopped(due) : from(schedule, due);
    Schedule standing = ended(schedule, plan);
    Plan open = new Plan(List.of(), List.of(), plan.due(), null);
    return ScheduleTable.insert(handle, standing, tables.advance(open))
        ? new Change.Done(standing, plan.due())
        : new Change.NameTaken(schedule.definition().group(), schedule.definition().name());
  }

  /** The definition is another from now on. */
  Change redefine(Definition definition, Instant anchor) {
    Due due = callOffAhead(order -> order.nominalAt().isAfter(now), CHANGED);
    Timing before = schedule.definition().timing();
    boolean same = definition.timing().expression().equals(before.expression());
    if (!same || !definition.timing().zone().equals(before.zone())) {
      due = new Due(due.schedule(), null, due.plannedUpTo(), null);
    }
    boolean isPaused = schedule.standing().state() == ScheduleState.PAUSED;
    Schedule.Standing standing =
        schedule.standing().state() == ScheduleState.ENDED
            ? new Schedule.Standing(ScheduleState.ENABLED, "", now)
            : schedule.standing();
    Schedule changed = schedule.revised(now).defined(definition, same ? schedule.anchor() : anchor);
    changed = changed.standing(standing);
    return isPaused ? written(changed, stopped(due)) : goOn(changed, due);
  }

  /** Nothing fires from now on, but what is due already. */
  Change pause(String reason) {
    Due due = callOffAhead(_ -> true, "the schedule was paused");
    return written(standing(ScheduleState.PAUSED, reason), stopped(due));
  }

  /** It fires again, from now on. */
  Change resume() {
    Due due = ScheduleTable.lockDue(handle, schedule.id());
    Instant from = justBefore(now);
    Instant upTo = due.plannedUpTo().isAfter(from) ? due.plannedUpTo() : from;
    return goOn(
        standing(ScheduleState.ENABLED, ""),
        new Due(schedule.id(), null, upTo, due.plannedLocal()));
  }

  /** It has ended, if a planner found that nothing follows any more and nobody changed that. */
  Change noteEnd() {
    Due due = ScheduleTable.lockDue(handle, schedule.id());
    return ScheduleTable.endReason(handle, schedule.id())
        .filter(_ -> schedule.isEnabled())
        .<Change>map(reason -> written(standing(ScheduleState.ENDED, reason), stopped(due)))
        .orElseGet(() -> new Change.Done(schedule, due));
  }

  /** Plans what is due by the definition as it is: whatever is planned now comes after it. */
  Due planDue() {
    Due due = ScheduleTable.lockDue(handle, schedule.id());
    if (!schedule.isEnabled()) {
      return due;
    }
    Plan plan = tables.planner().plan(schedule, due, closed(), Planner.Span.upTo(now));
    tables.write(handle, List.of(plan));
    return plan.due();
  }

  /**
   * Plans what is due by the definition as it was, and calls off what was planned ahead.
   *
   * @param which of the runs that are not due yet
   * @return up to where everything is planned that is not called off
   */
  private Due callOffAhead(Predicate<RunOrder> which, String reason) {
    Due due = planDue();
    List<RunOrder> calledOff =
        SubjectEvents.cancelUnbegun(handle, schedule.id(), event -> isAhead(event, which), reason)
            .stream()
            .map(RunOrder::read)
            .toList();
    noteMisses(calledOff, reason);
    Instant upTo =
        calledOff.stream()
            .map(order -> justBefore(order.nominalAt()))
            .min(Instant::compareTo)
            .orElse(due.plannedUpTo());
    boolean isAhead = calledOff.stream().anyMatch(order -> order.nominalAt().isAfter(now));
    return new Due(
        schedule.id(), null, upTo.isAfter(now) ? upTo : now, isAhead ? null : due.plannedLocal());
  }

  private boolean isAhead(Event event, Predicate<RunOrder> which) {
    if (!event.type().equals(Schedule.EVENT_TYPE) || !event.at().instant().isAfter(now)) {
      return false;
    }
    RunOrder order = RunOrder.read(event);
    return order.kind() == FiringKind.SCHEDULED && which.test(order);
  }

  /** Those whose nominal time has passed: they waited in the flexible window. */
  private void noteMisses(List<RunOrder> calledOff, String reason) {
    Misses.note(
        handle,
        calledOff.stream()
            .filter(order -> !order.nominalAt().isAfter(now))
            .map(order ->
                new Miss(schedule.id(), order.nominalAt(), order.nominalLocal(), reason, 1, now))
            .toList());
  }

  private Change goOn(Schedule changed, Due due) {
    Plan plan = from(changed, due);
    return written(ended(changed, plan), plan);
  }

  private Change written(Schedule changed, Plan plan) {
    ScheduleTable.update(handle, changed);
    Plan noted = new Plan(List.of(), List.of(), plan.due(), null);
    ScheduleTable.advance(handle, List.of(tables.advance(noted)));
    return new Change.Done(changed, plan.due());
  }

  private Plan from(Schedule changed, Due due) {
    return tables.planner().goOn(changed, due, PlanTables.closed(handle, changed));
  }

  private static Plan stopped(Due due) {
    Due nothing = new Due(due.schedule(), null, due.plannedUpTo(), due.plannedLocal());
    return new Plan(List.of(), List.of(), nothing, null);
  }

  private Schedule ended(Schedule changed, Plan plan) {
    String reason = plan.endReason();
    return reason == null
        ? changed
        : changed.standing(new Schedule.Standing(ScheduleState.ENDED, reason, now));
  }

  private Schedule standing(ScheduleState state, String reason) {
    return schedule.revised(now).standing(new Schedule.Standing(state, reason, now));
  }

  private Set<LocalDate> closed() {
    return PlanTables.closed(handle, schedule);
  }

  /** What comes strictly after it may come at the instant itself. Tables keep microseconds. */
  private static Instant justBefore(Instant instant) {
    return instant.minusNanos(1000);
  }
}
