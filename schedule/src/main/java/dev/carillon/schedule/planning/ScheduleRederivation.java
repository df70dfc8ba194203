package dev.carillon.schedule.planning;

import static java.util.Objects.requireNonNull;

import dev.carillon.engine.Rederivation;
import dev.carillon.schedule.Due;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.ScheduleTable;
import dev.carillon.store.TimeZoneStore.Derived;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the next firings of schedules when governments change their clocks, as {@link Rederivation}
 * moves events: those derived with an older time zone database release, in zones whose rules
 * differ. May be interrupted and repeated, and run in several processes at once.
 *
 * @param jdbi runs the statements
 * @param planner derives with the release of this process
 * @param events what has been remembered of older releases; its run comes first
 */
public record ScheduleRederivation(Jdbi jdbi, Planner planner, Rederivation events) {

  /** How many schedules are derived in one transaction. */
  static final int PAGE = 500;

  private static final Logger LOG = LoggerFactory.getLogger(ScheduleRederivation.class);

  public ScheduleRederivation {
    requireNonNull(jdbi, "jdbi is null");
    requireNonNull(planner, "planner is null");
    requireNonNull(events, "events is null");
  }

  /**
   * Brings what is next of all schedules up to this process's release.
   *
   * @return how many schedules' next instants changed
   */
  public int run() {
    String version = planner.zones().version();
    int moved = 0;
    for (Derived derived : jdbi.withHandle(h -> ScheduleTable.derivedBefore(h, version))) {
      if (!events.isUnchanged(derived)) {
        moved += rederive(derived);
      }
    }
    return moved;
  }

  private record Page(int moved, @Nullable UUID last) {}

  private int rederive(Derived derived) {
    int moved = 0;
    @Nullable UUID after = null;
    do {
      @Nullable UUID from = after;
      Page page = jdbi.inTransaction(handle -> rederivePage(handle, derived, from));
      moved += page.moved();
      after = page.last();
    } while (after != null);
    LOG.info(
        "{}: tzdata {} instead of {} moved {} schedules",
        derived.zone(),
        planner.zones().version(),
        derived.tzdbVersion(),
        moved);
    return moved;
  }

  private Page rederivePage(Handle handle, Derived derived, @Nullable UUID after) {
    List<UUID> ids = ScheduleTable.lockDerived(handle, derived, after, PAGE);
    Map<UUID, Schedule> schedules = ScheduleTable.read(handle, ids);
    Map<UUID, Due> dues = ScheduleTable.dueOf(handle, ids);
    Map<String, Set<LocalDate>> calendars =
        ScheduleTable.calendarDates(handle, PlanTables.calendars(schedules.values()));
    List<ScheduleTable.Advance> advances = new ArrayList<>();
    int moved = 0;
    for (UUID id : ids) {
      Schedule schedule = schedules.get(id);
      Due due = dues.get(id);
      if (schedule != null && due != null) {
        ScheduleTable.Advance advance =
            rederived(schedule, due, PlanTables.closed(schedule, calendars));
        advances.add(advance);
        moved += isMoved(due, advance.due()) ? 1 : 0;
      }
    }
    ScheduleTable.advance(handle, advances);
    return new Page(moved, ids.size() < PAGE ? null : ids.getLast());
  }

  private ScheduleTable.Advance rederived(Schedule schedule, Due due, Set<LocalDate> closed) {
    Plan plan = planner.goOn(schedule, due, closed);
    return new ScheduleTable.Advance(plan.due(), planner.zones().version(), plan.endReason());
  }

  private static boolean isMoved(Due before, Due after) {
    Instant from = before.next() == null ? null : before.next().instant();
    return after.next() == null || !after.next().instant().equals(from);
  }
}
