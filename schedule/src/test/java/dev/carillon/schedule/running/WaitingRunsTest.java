package dev.carillon.schedule.running;

import static dev.carillon.schedule.running.Rig.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.HeldEvents;
import dev.carillon.retry.RetryPolicy;
import dev.carillon.schedule.Definition;
import dev.carillon.schedule.Definitions;
import dev.carillon.schedule.Policies;
import dev.carillon.schedule.RunOverlap;
import dev.carillon.schedule.Schedule;
import dev.carillon.target.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs that wait in their schedule's lane for an earlier one, which is tried again in an hour. */
class WaitingRunsTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Waits that are listed get up to a fifth longer. */
  private static final Duration RETRIED = Duration.ofMinutes(73);

  private static final String WAITING = "SELECT count(*) FROM event_due WHERE lane IS NOT NULL";

  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  /** One that failed, and two that wait. */
  private Schedule threeRuns() throws InterruptedException {
    rig.target.does(_ -> new Outcome.Retryable("busy"));
    Schedule schedule = rig.create(buffering(RunOverlap.BUFFER_ALL));
    rig.step();
    rig.live(MINUTE.multipliedBy(2), MINUTE);
    assertThat(rig.target.begun()).hasSize(1);
    assertThat(rig.count(WAITING)).isEqualTo(2);
    rig.target.does(_ -> new Outcome.Succeeded());
    return schedule;
  }

  private static Definition buffering(RunOverlap overlap) {
    return Definitions.of("s", "cron(0/1 12 10 3 ? 2026)")
        .with(
            Definitions.runs(
                Policies.DEFAULT.withRunOverlap(overlap),
                null,
                RetryPolicy.listed(List.of(Duration.ofHours(1)))));
  }

  @Test
  void theirLaneIsTheirSchedulesAndNoneThatATargetClaimsFrom() throws InterruptedException {
    Schedule schedule = threeRuns();

    HeldEvents held = new HeldEvents(rig.database.jdbi());
    assertThat(held.count(Schedule.lane(schedule.id()))).isEqualTo(2);
    assertThat(held.lanes()).isEmpty();
  }

  @Test
  void theyAreRunInTheirOrderWhenTheEarlierOneHasEnded() throws InterruptedException {
    Schedule schedule = threeRuns();
    rig.schedules.pause(schedule.id(), "");

    rig.live(RETRIED, MINUTE);

    assertThat(rig.target.nominal().subList(1, 4))
        .containsExactly(START, START.plusSeconds(60), START.plusSeconds(120));
    assertThat(rig.count("SELECT count(*) FROM event")).isZero();
  }

  @Test
  void theyAreCancelledWhenTheScheduleIsDeleted() throws InterruptedException {
    Schedule schedule = threeRuns();

    rig.schedules.delete(schedule.id());

    assertThat(rig.count("SELECT count(*) FROM event")).isZero();
    assertThat(rig.count("SELECT count(*) FROM event_due")).isZero();
    assertThat(rig.count("SELECT count(*) FROM event_history WHERE status = 'CANCELLED'"))
        .isEqualTo(3);
  }

  @Test
  void theyAreCalledOffOneAfterAnotherWhenTheScheduleIsSimplyGone() throws InterruptedException {
    threeRuns();
    rig.database
        .jdbi()
        .useHandle(handle -> handle.execute("TRUNCATE schedule, schedule_due, schedule_miss"));

    rig.live(RETRIED, MINUTE);

    assertThat(rig.target.begun()).hasSize(1);
    assertThat(rig.count("SELECT count(*) FROM event")).isZero();
    assertThat(
            rig.count(
                "SELECT count(*) FROM event_history"
                    + " WHERE failure_reason = 'its schedule was deleted'"))
        .isEqualTo(3);
  }

  @Test
  void theyGoOnWhenTheScheduleNoLongerLetsRunsWait() throws InterruptedException {
    Schedule schedule = threeRuns();

    Rig.done(rig.schedules.update(schedule.id(), buffering(RunOverlap.ALLOW), null));
    rig.live(RETRIED, MINUTE);

    assertThat(rig.count(WAITING)).isZero();
    assertThat(rig.target.nominal()).contains(START.plusSeconds(60), START.plusSeconds(120));
  }
}
