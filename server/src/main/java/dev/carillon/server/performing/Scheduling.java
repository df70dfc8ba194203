package dev.carillon.server.performing;

import static java.util.Objects.requireNonNull;

import dev.carillon.engine.EventTypes;
import dev.carillon.postgres.Database;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.planning.PlannerLoop;
import dev.carillon.schedule.running.ScheduleEventType;
import dev.carillon.schedule.running.ScheduleRuns;
import dev.carillon.schedule.running.Upkeep;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The schedules of this process: who plans them, looks after them and runs them.
 *
 * @param planner plans what is due soon
 * @param upkeep looks after what follows from runs
 * @param runs performs the events
 * @param targets what the runs do
 * @param trouble says what is wrong with a schedule's target; null if nothing is known to be
 * @param missed counts what was missed; kept here, since metrics do not keep it
 * @param own a pool of the targets' own, closed after them; null if they have none
 */
record Scheduling(
    PlannerLoop planner,
    Upkeep upkeep,
    ScheduleRuns runs,
    ScheduleTargets targets,
    Function<Schedule, @Nullable String> trouble,
    MissCounter missed,
    @Nullable Database own)
    implements AutoCloseable {

  Scheduling {
    requireNonNull(planner, "planner is null");
    requireNonNull(upkeep, "upkeep is null");
    requireNonNull(runs, "runs is null");
    requireNonNull(targets, "targets is null");
    requireNonNull(trouble, "trouble is null");
    requireNonNull(missed, "missed is null");
  }

  void start() {
    planner.start();
    upkeep.start();
  }

  EventTypes.Registration registration() {
    return new EventTypes.Registration(new ScheduleEventType(), runs);
  }

  /** Plans and looks after nothing more. */
  void stop() {
    planner.close();
    upkeep.close();
  }

  @Override
  public void close() {
    stop();
    runs.close();
    if (own != null) {
      own.close();
    }
  }
}
