package dev.carillon.schedule.running;

import static dev.carillon.schedule.running.Rig.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.retry.RetryPolicy;
import dev.carillon.schedule.AfterLastRun;
import dev.carillon.schedule.Calendars;
import dev.carillon.schedule.Definition;
import dev.carillon.schedule.Definitions;
import dev.carillon.schedule.FiringKind;
import dev.carillon.schedule.MisfirePolicy;
import dev.carillon.schedule.Miss;
import dev.carillon.schedule.Policies;
import dev.carillon.schedule.RunOverlap;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.ScheduleState;
import dev.carillon.schedule.ScheduleTable;
import dev.carillon.schedule.planning.Backfill;
import dev.carillon.schedule.planning.Change;
import dev.carillon.target.Outcome;
import dev.carillon.time.Occurrence;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SchedulesTest {

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

  @Nested
  class Firing {

    @Test
    void eachNominalTimeFiresOnceAtItsTime() throws InterruptedException {
      rig.create(minutely());

      rig.live(Duration.ofMinutes(5), Duration.ofSeconds(1));

      assertThat(rig.target.nominal())
          .containsExactly(
              START,
              START.plusSeconds(60),
              START.plusSeconds(120),
              START.plusSeconds(180),
              START.plusSeconds(240),
              START.plusSeconds(300));
    }

    @Test
    void aRateFiresAtOnceAndThenEverySoOften() throws InterruptedException {
      rig.create(Definitions.of("often", "rate(2 seconds)"));

      rig.step();
      rig.live(Duration.ofSeconds(6), SECOND);

      assertThat(rig.target.nominal())
          .containsExactly(START, START.plusSeconds(2), START.plusSeconds(4), START.plusSeconds(6));
    }

    @Test
    void whatEndsSaysSoAndIsDeletedIfItIsToBe() throws InterruptedException {
      Schedule kept = rig.create(Definitions.of("kept", "at(2026-03-10T12:01:00)"));
      Schedule deleted =
          rig.create(
              Definitions.of("deleted", "at(2026-03-10T12:01:00)")
                  .with(Definitions.ending(Policies.DEFAULT, false, AfterLastRun.DELETE)));

      rig.live(Duration.ofMinutes(2), Duration.ofSeconds(10));

      assertThat(rig.target.begun()).hasSize(2);
      assertThat(rig.find(kept.id()).standing().state()).isEqualTo(ScheduleState.ENDED);
      assertThat(rig.find(kept.id()).standing().reason()).contains("is past");
      assertThat(rig.schedules.find(deleted.id())).isEmpty();
      assertThat(rig.count("SELECT count(*) FROM schedule_due")).isEqualTo(1);
    }

    @Test
    void aPastTimeIsValidAndHasEnded() {
      Schedule past = rig.create(Definitions.of("past", "at(2022-01-01T00:00:00)"));

      assertThat(past.standing().state()).isEqualTo(ScheduleState.ENDED);
    }

    @Test
    void aScheduleThatCannotBeReadHereKeepsNoOtherFromFiring() throws InterruptedException {
      Schedule strange = rig.create(minutely());
      rig.create(Definitions.of("other", "cron(* * * * ? *)"));
      rig.database
          .jdbi()
          .useHandle(handle ->
              handle.execute(
                  "UPDATE schedule SET zone = 'Mars/Olympus' WHERE id = ?", strange.id()));

      rig.live(Duration.ofMinutes(2), Duration.ofSeconds(10));

      assertThat(rig.target.begun())
          .hasSize(3)
          .extracting(TestTarget.Begun::schedule)
          .containsOnly("other");
      assertThat(rig.schedules.list(ScheduleTable.Filter.ALL, null, 10)).hasSize(1);
    }

    @Test
    void manySchedulesArePlannedInOneGo() throws InterruptedException {
      for (int i = 0; i < 300; i++) {
        rig.create(Definitions.of("s" + i, "cron(1 12 * * ? *)"));
      }
      rig.sleep(MINUTE);

      assertThat(rig.loop.planDue()).isEqualTo(300);
      assertThat(rig.loop.planDue()).isZero();
      rig.step();

      assertThat(rig.target.begun()).hasSize(300);
    }
  }

  @Nested
  class Editing {

    @Test
    void whatWasPlannedAheadIsCalledOffAndTheNewTimesFollow() throws InterruptedException {
      Schedule schedule = rig.create(minutely());
      rig.clock.set(START.plusSeconds(59));
      rig.step();
      assertThat(rig.count("SELECT count(*) FROM event")).isEqualTo(1);

      Schedule changed =
          Rig.done(
              rig.schedules.update(
                  schedule.id(), Definitions.of("other", "cron(5 * * * ? *)"), 1L));
      rig.live(Duration.ofMinutes(6), SECOND);

      assertThat(changed.revision()).isEqualTo(2);
      assertThat(rig.target.nominal()).containsExactly(START, START.plusSeconds(300));
      assertThat(rig.misses(schedule)).isEmpty();
    }

    @Test
    void theSameTimesGoOnWithoutARepetitionNorALoss() throws InterruptedException {
      Schedule schedule = rig.create(Definitions.of("often", "rate(1 second)"));
      for (int i = 0; i < 30; i++) {
        rig.clock.advance(Duration.ofMillis(700));
        rig.step();
        Rig.done(
            rig.schedules.update(schedule.id(), Definitions.of("often", "rate(1 second)"), null));
        rig.step();
      }

      assertThat(rig.target.nominal()).hasSize(22).doesNotHaveDuplicates().isSorted();
      assertThat(rig.target.nominal().getLast()).isEqualTo(START.plusSeconds(21));
    }

    @Test
    void whatIsDueWhileNoPlannerIsUpIsNotLostByAnEdit() throws InterruptedException {
      Schedule schedule = rig.create(minutely());
      rig.step();
      rig.sleep(Duration.ofSeconds(61));

      Rig.done(rig.schedules.update(schedule.id(), Definitions.of("x", "cron(0 0 * * ? *)"), null));
      rig.step();

      assertThat(rig.target.nominal()).containsExactly(START, START.plusSeconds(60));
    }

    @Test
    void anEndedScheduleThatIsGivenAFutureFiresAgain() throws InterruptedException {
      Schedule schedule = rig.create(Definitions.of("once", "at(2026-03-10T11:00:00)"));

      Schedule changed =
          Rig.done(
              rig.schedules.update(
                  schedule.id(), Definitions.of("once", "at(2026-03-10T12:01:00)"), null));
      rig.live(Duration.ofMinutes(2), SECOND);

      assertThat(changed.standing().state()).isEqualTo(ScheduleState.ENABLED);
      assertThat(rig.target.nominal()).containsExactly(START.plusSeconds(60));
    }

    @Test
    void anotherRevisionATakenNameAndAnUnknownScheduleAreRefused() {
      Schedule one = rig.create(Definitions.of("one", "rate(1 day)"));
      rig.create(Definitions.of("two", "rate(1 day)"));

      assertThat(rig.schedules.update(one.id(), one.definition(), 7L))
          .isInstanceOf(Change.Conflict.class);
      assertThat(rig.schedules.update(one.id(), Definitions.of("two", "rate(1 day)"), null))
          .isEqualTo(new Change.NameTaken("default", "two"));
      assertThat(rig.schedules.create(Definitions.of("two", "rate(1 day)")))
          .isEqualTo(new Change.NameTaken("default", "two"));
      assertThat(rig.schedules.update(UUID.randomUUID(), one.definition(), null))
          .isEqualTo(new Change.NotFound());
      assertThat(rig.schedules.delete(UUID.randomUUID())).isFalse();
    }

    @Test
    void everythingThatIsDeclaredReadsBackAsItWasWritten() {
      Definition plain = Definitions.of("all", "cron(0 9 ? * MON-FRI *)", "Europe/Paris");
      Policies policies =
          Policies.DEFAULT
              .withMisfire(MisfirePolicy.FIRE_ALL, Duration.ofHours(3), 7)
              .withRunOverlap(RunOverlap.BUFFER_ONE)
              .withJitter(Duration.ofMinutes(5));
      policies =
          Definitions.runs(
              policies, Duration.ofHours(1), RetryPolicy.listed(List.of(SECOND, MINUTE)));
      policies = Definitions.ending(policies, true, AfterLastRun.DELETE);
      Definition declared =
          new Definition(
              "billing",
              "all",
              "Sends the bills",
              List.of("money", "monthly"),
              plain.timing().between(START, START.plusSeconds(86_400 * 90)),
              policies,
              plain.target());

      Schedule created = rig.create(declared);

      assertThat(rig.find(created.id())).isEqualTo(created);
      assertThat(created.definition()).isEqualTo(declared);
      assertThat(rig.schedules.find("billing", "all")).contains(created);
      Definition attempts =
          declared.with(
              Definitions.runs(Policies.DEFAULT, null, RetryPolicy.DEFAULT.withMaxAttempts(3)));
      Rig.done(rig.schedules.update(created.id(), attempts, null));
      assertThat(rig.find(created.id()).definition()).isEqualTo(attempts);
    }

    @Test
    void schedulesAreListedByGroupPrefixTagAndState() {
      Schedule one = rig.create(Definitions.of("a-one", "rate(1 day)"));
      rig.clock.advance(SECOND);
      Schedule two = rig.create(Definitions.of("b-two", "rate(1 day)"));
      rig.schedules.pause(two.id(), "tired");

      assertThat(rig.schedules.list(ScheduleTable.Filter.ALL, null, 10))
          .extracting(Schedule::id)
          .containsExactly(two.id(), one.id());
      assertThat(
              rig.schedules.list(new ScheduleTable.Filter("default", "a-", null, null), null, 10))
          .extracting(Schedule::id)
          .containsExactly(one.id());
      assertThat(
              rig.schedules.list(
                  new ScheduleTable.Filter(null, null, null, ScheduleState.PAUSED), null, 10))
          .extracting(Schedule::id)
          .containsExactly(two.id());
      assertThat(rig.schedules.list(new ScheduleTable.Filter(null, null, "no", null), two.id(), 10))
          .isEmpty();
    }
  }

  @Nested
  class Pausing {

    @Test
    void nothingFiresWhilePausedAndNothingIsMissed() throws InterruptedException {
      Schedule schedule = rig.create(minutely());
      rig.clock.set(START.plusSeconds(59));
      rig.step();

      Schedule paused = Rig.done(rig.schedules.pause(schedule.id(), "a holiday"));
      rig.live(Duration.ofMinutes(10), MINUTE);
      assertThat(rig.target.nominal()).containsExactly(START);
      Rig.done(rig.schedules.resume(schedule.id()));
      rig.live(Duration.ofMinutes(2), SECOND);

      assertThat(paused.standing().reason()).isEqualTo("a holiday");
      assertThat(rig.target.nominal())
          .containsExactly(START, START.plusSeconds(660), START.plusSeconds(720));
      assertThat(rig.misses(schedule)).isEmpty();
    }

    @Test
    void aFiringThatWaitsInItsFlexibleWindowIsCalledOffAndNoted() throws InterruptedException {
      Schedule schedule =
          rig.create(
              Definitions.of("flexible", "cron(0 * * * ? *)")
                  .with(Policies.DEFAULT.withJitter(Duration.ofMinutes(50))));
      rig.step();

      rig.schedules.pause(schedule.id(), "");
      rig.live(Duration.ofHours(1), MINUTE);

      assertThat(rig.target.begun()).isEmpty();
      assertThat(rig.misses(schedule))
          .extracting(Miss::reason)
          .containsExactly("the schedule was paused");
      assertThat(rig.schedules.misses(schedule.id(), null, 10)).hasSize(1);
    }

    @Test
    void pausingTwiceAndResumingWhatRunsAreConflicts() {
      Schedule schedule = rig.create(minutely());

      assertThat(rig.schedules.resume(schedule.id())).isInstanceOf(Change.Conflict.class);
      Rig.done(rig.schedules.pause(schedule.id(), ""));
      assertThat(rig.schedules.pause(schedule.id(), "")).isInstanceOf(Change.Conflict.class);
    }

    @Test
    void aRunThatFailedForGoodPausesWhatIsToBePaused() throws InterruptedException {
      Schedule schedule =
          rig.create(
              minutely().with(Definitions.ending(Policies.DEFAULT, true, AfterLastRun.KEEP)));
      rig.target.does(_ -> new Outcome.Rejected("no such table"));

      rig.live(Duration.ofMinutes(3), SECOND);

      assertThat(rig.target.begun()).hasSize(1);
      Schedule.Standing standing = rig.find(schedule.id()).standing();
      assertThat(standing.state()).isEqualTo(ScheduleState.PAUSED);
      assertThat(standing.reason()).isEqualTo("a run failed: no such table");
      rig.target.does(_ -> new Outcome.Succeeded());
      Rig.done(rig.schedules.resume(schedule.id()));
      rig.live(Duration.ofMinutes(3), SECOND);
      assertThat(rig.target.begun()).hasSize(5);
    }
  }

  @Nested
  class ByHand {

    @Test
    void runNowRunsAtOnceAlsoWhatIsPaused() throws InterruptedException {
      Schedule schedule = rig.create(Definitions.of("yearly", "yearly(12-24 18:00)"));
      rig.schedules.pause(schedule.id(), "");

      assertThat(rig.schedules.runNow(schedule.id())).isPresent();
      assertThat(rig.schedules.runNow(UUID.randomUUID())).isEmpty();
      rig.step();

      assertThat(rig.target.begun())
          .containsExactly(new TestTarget.Begun("yearly", START, FiringKind.MANUAL, 1));
    }

    @Test
    void aBackfillRunsTheTimesOfItsRangeInOrder() throws InterruptedException {
      Schedule schedule = rig.create(Definitions.of("daily", "cron(0 9 * * ? *)"));
      Instant from = Instant.parse("2026-03-01T09:00:00Z");

      Backfill result = rig.schedules.backfill(schedule.id(), from, from.plusSeconds(86_400 * 3));
      rig.clock.advance(SECOND);
      rig.step();

      assertThat(result).isEqualTo(new Backfill.Planned(4));
      assertThat(rig.target.nominal())
          .containsExactlyInAnyOrder(
              from,
              from.plusSeconds(86_400),
              from.plusSeconds(86_400 * 2),
              from.plusSeconds(86_400 * 3));
      assertThat(rig.target.begun())
          .extracting(TestTarget.Begun::kind)
          .containsOnly(FiringKind.BACKFILL);
    }

    @Test
    void aBackfillOfTooMuchOrOfTheFutureIsRefused() {
      Schedule schedule = rig.create(Definitions.of("often", "cron(* * * * ? *)"));

      assertThat(rig.schedules.backfill(schedule.id(), START.minus(Duration.ofDays(30)), START))
          .isInstanceOf(Backfill.Refused.class);
      assertThat(rig.schedules.backfill(schedule.id(), START, START.plusSeconds(1)))
          .isInstanceOf(Backfill.Refused.class);
      assertThat(rig.schedules.backfill(UUID.randomUUID(), START, START))
          .isInstanceOf(Backfill.Refused.class);
    }

    @Test
    void aPreviewShowsTheNextTimes() {
      Schedule schedule = rig.create(minutely());

      assertThat(rig.schedules.preview(schedule, START, 2))
          .extracting(Occurrence::instant)
          .containsExactly(START.plusSeconds(60), START.plusSeconds(120));
    }

    @Test
    void aDeletedScheduleLeavesOnlyItsHistory() throws InterruptedException {
      Schedule schedule = rig.create(minutely());
      rig.step();
      rig.live(MINUTE.minusSeconds(1), SECOND);

      assertThat(rig.schedules.delete(schedule.id())).isTrue();
      rig.live(Duration.ofMinutes(2), SECOND);

      assertThat(rig.target.begun()).hasSize(1);
      assertThat(rig.count("SELECT count(*) FROM schedule_due")).isZero();
      assertThat(rig.count("SELECT count(*) FROM event")).isZero();
      assertThat(rig.count("SELECT count(*) FROM event_history")).isEqualTo(2);
    }
  }

  @Nested
  class WithCalendars {

    private final Calendars calendars = new Calendars(rig.database.jdbi(), rig.clock, () -> {});

    @Test
    void nothingFiresOnTheirDatesAndAChangeHoldsFromNowOn() throws InterruptedException {
      LocalDate tomorrow = LocalDate.parse("2026-03-11");
      calendars.put("holidays", Set.of(tomorrow), "https://example.org/h.ics");
      Definition noon = Definitions.of("noon", "cron(0 12 * * ? *)");
      rig.create(noon.with(noon.timing().without(List.of("holidays"))));
      rig.step();

      rig.live(Duration.ofHours(23), Duration.ofHours(1));
      calendars.put("holidays", Set.of(tomorrow.plusDays(1)), null);
      rig.live(Duration.ofDays(3), Duration.ofHours(1));

      assertThat(rig.target.nominal())
          .containsExactly(START, START.plus(Duration.ofDays(1)), START.plus(Duration.ofDays(3)));
    }

    @Test
    void aCalendarThatIsNamedIsNotDeletedAndAnUnknownOneIsRefused() {
      calendars.put("holidays", Set.of(), null);
      Definition noon = Definitions.of("noon", "cron(0 12 * * ? *)");
      Schedule named = rig.create(noon.with(noon.timing().without(List.of("holidays"))));

      assertThat(calendars.delete("holidays")).isEqualTo(Calendars.Deletion.IN_USE);
      rig.schedules.delete(named.id());
      assertThat(calendars.list(null, 10)).hasSize(1);
      assertThat(calendars.delete("holidays")).isEqualTo(Calendars.Deletion.DONE);
      assertThat(calendars.delete("holidays")).isEqualTo(Calendars.Deletion.NOT_FOUND);
      assertThat(calendars.find("holidays")).isEmpty();
      assertThat(rig.schedules.create(named.definition()))
          .isEqualTo(new Change.UnknownCalendar("holidays"));
    }
  }
}
