package dev.carillon.schedule.running;

import static dev.carillon.schedule.running.Rig.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.retry.RetryPolicy;
import dev.carillon.schedule.Definition;
import dev.carillon.schedule.Definitions;
import dev.carillon.schedule.FiringKind;
import dev.carillon.schedule.MisfirePolicy;
import dev.carillon.schedule.Policies;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.ScheduleState;
import dev.carillon.schedule.Timing;
import dev.carillon.target.Outcome;
import dev.carillon.time.GapPolicy;
import dev.carillon.time.OverlapPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong where nobody looked. */
class HardCasesTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  private static Definition minutely() {
    return Definitions.of("minutely", "cron(* * * * ? *)");
  }

  /** Runs of a schedule wait for earlier ones: whatever is due earlier must be there first. */
  @Nested
  class WhileThePlannersAreBehind {

    @Test
    void aRunByHandComesAfterWhatIsDue() throws InterruptedException {
      Schedule schedule = rig.create(minutely());
      rig.step();
      rig.sleep(Duration.ofSeconds(61));

      rig.schedules.runNow(schedule.id());
      rig.engine.drain();

      assertThat(rig.target.begun())
          .extracting(TestTarget.Begun::kind)
          .containsExactlyInAnyOrder(FiringKind.SCHEDULED, FiringKind.SCHEDULED, FiringKind.MANUAL);
      rig.step();
      assertThat(rig.target.begun()).hasSize(3);
    }

    @Test
    void aBackfillComesAfterWhatIsDue() throws InterruptedException {
      Schedule schedule = rig.create(minutely());
      rig.step();
      rig.sleep(Duration.ofSeconds(61));

      rig.schedules.backfill(schedule.id(), START, START);

      assertThat(rig.count("SELECT count(*) FROM event")).isEqualTo(2);
    }

    @Test
    void moreThanOneTransactionTakesIsPlannedInSeveral() {
      for (int i = 0; i < 12; i++) {
        rig.create(
            Definitions.of("s" + i, "cron(* * * * ? *)")
                .with(
                    Policies.DEFAULT.withMisfire(
                        MisfirePolicy.FIRE_ALL, Duration.ofDays(7), 1_000)));
      }
      rig.sleep(Duration.ofDays(1));

      rig.loop.planDue();

      assertThat(rig.count("SELECT count(*) FROM event")).isEqualTo(12 * 1_000);
      assertThat(rig.count("SELECT count(DISTINCT idempotency_key) FROM event"))
          .isEqualTo(12 * 1_000);
      assertThat(rig.count("SELECT count(*) FROM schedule_miss")).isEqualTo(12 * 441);
    }
  }

  @Nested
  class OfTime {

    @Test
    void aClockThatGoesBackRepeatsNothing() throws InterruptedException {
      Schedule schedule = rig.create(Definitions.of("often", "rate(1 second)"));
      rig.live(Duration.ofSeconds(10), SECOND);

      rig.clock.set(START.plusSeconds(4));
      rig.step();
      Rig.done(rig.schedules.update(schedule.id(), schedule.definition(), null));
      rig.schedules.pause(schedule.id(), "");
      rig.schedules.resume(schedule.id());
      rig.live(Duration.ofSeconds(16), SECOND);

      assertThat(rig.target.nominal()).doesNotHaveDuplicates();
      assertThat(rig.target.nominal()).contains(START.plusSeconds(10), START.plusSeconds(20));
    }

    @Test
    void theEndIsTheLastThatFires() throws InterruptedException {
      Schedule schedule =
          rig.create(minutely().with(minutely().timing().between(START, START.plusSeconds(120))));

      rig.live(Duration.ofMinutes(5), Duration.ofSeconds(20));

      assertThat(rig.target.nominal())
          .containsExactly(START, START.plusSeconds(60), START.plusSeconds(120));
      assertThat(rig.find(schedule.id()).standing().state()).isEqualTo(ScheduleState.ENDED);
      assertThat(rig.find(schedule.id()).standing().reason()).contains("ends at");
    }

    @Test
    void aCountGoesOnThroughEditsAndPauses() throws InterruptedException {
      Schedule schedule = rig.create(Definitions.of("five", "rrule(FREQ=MINUTELY;COUNT=5)"));
      rig.live(MINUTE, Duration.ofSeconds(10));

      Rig.done(
          rig.schedules.update(
              schedule.id(), Definitions.of("renamed", "rrule(FREQ=MINUTELY;COUNT=5)"), null));
      rig.schedules.pause(schedule.id(), "");
      rig.live(MINUTE, Duration.ofSeconds(10));
      rig.schedules.resume(schedule.id());
      rig.live(Duration.ofMinutes(5), Duration.ofSeconds(10));

      assertThat(rig.target.nominal())
          .as("the third came while it was paused, but for the instant of the resumption")
          .containsExactly(
              START,
              START.plusSeconds(60),
              START.plusSeconds(120),
              START.plusSeconds(180),
              START.plusSeconds(240));
      assertThat(rig.find(schedule.id()).standing().state()).isEqualTo(ScheduleState.ENDED);
    }

    @ParameterizedTest
    @CsvSource({
      "cron(30 2 * * ? *), SKIP,          FIRST,  2026-03-28T23:00:00Z, ''",
      "cron(30 2 * * ? *), SHIFT_FORWARD, FIRST,  2026-03-28T23:00:00Z, 01:30",
      "cron(30 2 * * ? *), END_OF_GAP,    FIRST,  2026-03-28T23:00:00Z, 01:00",
      "cron(30 2 * * ? *), SKIP,          FIRST,  2026-10-24T22:00:00Z, 00:30",
      "cron(30 2 * * ? *), SKIP,          SECOND, 2026-10-24T22:00:00Z, 01:30",
      "cron(30 2 * * ? *), SKIP,          BOTH,   2026-10-24T22:00:00Z, 00:30 01:30",
    })
    void theDaysOnWhichTheClocksChangeFollowThePolicies(
        String expression, GapPolicy gap, OverlapPolicy overlap, Instant midnight, String times)
        throws InterruptedException {
      rig.clock.set(midnight);
      Definition paris = Definitions.of("paris", expression, "Europe/Paris");
      rig.create(paris.with(with(paris.timing(), gap, overlap)));
      Definition hourly = Definitions.of("hourly", "cron(0 * * * ? *)", "Europe/Paris");
      rig.create(hourly.with(with(hourly.timing(), gap, overlap)));
      boolean isSpring = midnight.toString().contains("-03-");

      rig.live(Duration.ofHours(isSpring ? 23 : 25).minusSeconds(1), Duration.ofMinutes(30));

      assertThat(of("paris").stream().map(at -> at.toString().substring(11, 16)))
          .containsExactlyElementsOf(times.isEmpty() ? List.of() : List.of(times.split(" ")));
      int both = overlap == OverlapPolicy.BOTH ? 25 : 24;
      assertThat(of("hourly")).hasSize(isSpring ? 23 + 1 : both + 1).doesNotHaveDuplicates();
    }

    private List<Instant> of(String name) {
      return rig.target.begun().stream()
          .filter(begun -> begun.schedule().equals(name))
          .map(TestTarget.Begun::nominal)
          .toList();
    }

    private static Timing with(Timing timing, GapPolicy gap, OverlapPolicy overlap) {
      return new Timing(
          timing.expression(), timing.zone(), gap, overlap, null, null, Set.of(), List.of());
    }
  }

  @Nested
  class OfPolicies {

    @Test
    void theSameLocalTimeOfAnotherZoneFiresWhileTheOldRunIsTriedAgain()
        throws InterruptedException {
      Definition berlin = Definitions.of("moved", "cron(0 13 * * ? *)", "Europe/Berlin");
      Policies patient =
          Definitions.runs(
              Policies.DEFAULT, null, RetryPolicy.listed(List.of(Duration.ofHours(6))));
      Schedule schedule = rig.create(berlin.with(patient));
      rig.target.does(_ -> new Outcome.Retryable("busy"));
      rig.step();

      Rig.done(
          rig.schedules.update(
              schedule.id(), Definitions.of("moved", "cron(0 13 * * ? *)").with(patient), null));
      rig.live(Duration.ofHours(1), MINUTE);

      assertThat(rig.target.nominal()).containsExactly(START, START.plus(Duration.ofHours(1)));
    }

    @Test
    void whatWaitsInItsFlexibleWindowIsNotTooOldWhenItBegins() throws InterruptedException {
      rig.create(
          Definitions.of("flexible", "cron(0 * * * ? *)")
              .with(
                  Definitions.runs(
                      Policies.DEFAULT.withJitter(Duration.ofMinutes(50)),
                      Duration.ofSeconds(30),
                      null)));

      rig.live(Duration.ofHours(4), Duration.ofSeconds(20));

      assertThat(rig.target.begun()).hasSizeGreaterThanOrEqualTo(4);
      assertThat(rig.count("SELECT count(*) FROM dead_letter")).isZero();
    }

    @Test
    void aScheduleThatCannotBeReadHereKeepsNoOtherFromEnding() throws InterruptedException {
      List<Schedule> ending = new ArrayList<>();
      for (String name : List.of("strange", "plain")) {
        ending.add(rig.create(Definitions.of(name, "at(2026-03-10T12:01:00)")));
        rig.clock.advance(SECOND);
      }
      rig.clock.set(START.plusSeconds(59));
      rig.loop.planDue();
      rig.database
          .jdbi()
          .useHandle(handle ->
              handle.execute(
                  "UPDATE schedule SET zone = 'Mars/Olympus' WHERE id = ?",
                  ending.getFirst().id()));

      rig.live(MINUTE, SECOND);

      assertThat(rig.find(ending.getLast().id()).standing().state()).isEqualTo(ScheduleState.ENDED);
    }
  }
}
