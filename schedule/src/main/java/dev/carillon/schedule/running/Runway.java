package dev.carillon.schedule.running;

import dev.carillon.event.Event;
import dev.carillon.postgres.Statements;
import dev.carillon.postgres.SubjectEvents;
import dev.carillon.schedule.RunOverlap;
import dev.carillon.schedule.Schedule;
import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/**
 * Decides whether a run may begin while earlier ones of its schedule have not ended. Only earlier
 * ones count, in the order of their due times: they are all live before this one is claimed, so
 * that two processes never decide for both or for neither.
 *
 * @param jdbi runs the statements
 */
record Runway(Jdbi jdbi) {

  /** The most held lanes that one sweep releases from. */
  static final int MAX_RELEASED = 1_000;

  static final String REPLACED = "a later run of the schedule took its place";

  private static final String GOES_ON = "an earlier run of the schedule has not ended";
  private static final String ONE_WAITS = "an earlier run has not ended and another one waits";

  /** How many earlier ones are looked at: one that goes on, and one that waits. */
  private static final int MOST_COUNTED = 2;

  private static final Statements SQL = Statements.beside(Runway.class, "runs.sql");

  /** What a run is to do. */
  sealed interface Clearance {}

  /** It begins. */
  record Cleared() implements Clearance {}

  /** It waits in its schedule's lane. */
  record Waits(UUID lane, String reason) implements Clearance {}

  /** It is not run. */
  record Dropped(String reason) implements Clearance {}

  /** Whether a run may begin. */
  Clearance clear(Event run, RunOverlap policy) {
    return switch (policy) {
      case ALLOW -> new Cleared();
      case SKIP -> earlier(run) > 0 ? new Dropped(GOES_ON) : new Cleared();
      case BUFFER_ALL -> earlier(run) > 0 ? waits(run) : new Cleared();
      case BUFFER_ONE ->
          switch (earlier(run)) {
            case 0 -> new Cleared();
            case 1 -> waits(run);
            default -> new Dropped(ONE_WAITS);
          };
      case CANCEL_OTHER -> {
        if (earlier(run) > 0) {
          jdbi.useTransaction(handle -> SubjectEvents.cancelBefore(handle, run, REPLACED));
        }
        yield new Cleared();
      }
    };
  }

  /**
   * Releases the first run of each lane whose earlier runs have all ended.
   *
   * @return how many
   */
  int release(Instant now) {
    return jdbi.withHandle(handle ->
        handle
            .createUpdate(SQL.get("release"))
            .bind("now", now)
            .bind("limit", MAX_RELEASED)
            .execute());
  }

  private static Clearance waits(Event run) {
    return new Waits(Schedule.lane(run.subject()), GOES_ON);
  }

  private int earlier(Event run) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("earlier"))
            .bind("schedule", run.subject())
            .bind("utc", run.at().instant())
            .bind("id", run.id())
            .bind("most", MOST_COUNTED)
            .mapTo(Integer.class)
            .one());
  }
}
