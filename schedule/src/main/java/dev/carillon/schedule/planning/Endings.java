package dev.carillon.schedule.planning;

import static java.util.Objects.requireNonNull;

import dev.carillon.schedule.ScheduleTable;
import java.time.DateTimeException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of schedules by themselves: they end, are paused since a run failed, and are deleted
 * after their last run. Safe for use by many threads and processes.
 *
 * @param jdbi runs the statements
 * @param schedules changes them
 */
public record Endings(Jdbi jdbi, Schedules schedules) {

  private static final Logger LOG = LoggerFactory.getLogger(Endings.class);

  public Endings {
    requireNonNull(jdbi, "jdbi is null");
    requireNonNull(schedules, "schedules is null");
  }

  /**
   * Notes which schedules have ended, as planners found out.
   *
   * @param most how many at most
   * @return how many
   */
  public int noteEnded(int most) {
    List<UUID> ended = jdbi.withHandle(handle -> ScheduleTable.ended(handle, most));
    ended.forEach(id -> tried(id, () -> schedules.change(id, Editing::noteEnd)));
    return ended.size();
  }

  /**
   * Pauses the schedules that a run's failure pauses.
   *
   * @param most how many at most
   * @return how many
   */
  public int pauseFailing(int most) {
    Map<UUID, String> failing = jdbi.withHandle(handle -> ScheduleTable.failing(handle, most));
    failing.forEach(
        (id, reason) -> tried(id, () -> schedules.pause(id, "a run failed: " + reason)));
    return failing.size();
  }

  /**
   * Deletes the schedules that have ended and want to be deleted then. One whose last run failed
   * stays until its dead letter is gone.
   *
   * @param most how many at most
   * @return how many
   */
  public int deleteEnded(int most) {
    List<UUID> done = jdbi.withHandle(handle -> ScheduleTable.doneWith(handle, null, most));
    int deleted = 0;
    for (UUID id : done) {
      boolean gone =
          jdbi.inTransaction(handle ->
              ScheduleTable.lock(handle, id).isPresent()
                  && !ScheduleTable.doneWith(handle, id, 1).isEmpty()
                  && ScheduleTable.delete(handle, id));
      deleted += gone ? 1 : 0;
    }
    return deleted;
  }

  /** One schedule that cannot be read here must not keep the others from it. */
  private static void tried(UUID id, Runnable change) {
    try {
      change.run();
    } catch (DateTimeException | IllegalArgumentException e) {
      LOG.error("schedule {} cannot be changed here: {}", id, e.getMessage());
    }
  }
}
