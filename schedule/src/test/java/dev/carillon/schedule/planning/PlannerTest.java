package dev.carillon.schedule.planning;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.schedule.Definition;
import dev.carillon.schedule.Definitions;
import dev.carillon.schedule.Due;
import dev.carillon.schedule.FiringKind;
import dev.carillon.schedule.MisfirePolicy;
import dev.carillon.schedule.Miss;
import dev.carillon.schedule.Policies;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.ScheduleState;
import dev.carillon.schedule.Timing;
import dev.carillon.time.GapPolicy;
import dev.carillon.time.OverlapPolicy;
import dev.carillon.time.TimeZones;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PlannerTest {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");
  private static final Planner PLANNER = new Planner(TimeZones.ofJvm());

  private static Schedule schedule(Definition definition) {
    Instant created = NOW.minus(Duration.ofDays(30));
    return new Schedule(
        UUID.fromString("0199c7e1-0000-7000-8000-000000000001"),
        definition,
        new Schedule.Standing(ScheduleState.ENABLED, "", created),
        3,
        created,
        created,
        created);
  }

  private static Definition every(String expression, MisfirePolicy misfire) {
    return Definitions.of("s", expression)
        .with(Policies.DEFAULT.withMisfire(misfire, Duration.ofDays(1), 100));
  }

  private static Plan plan(Definition definition, Instant plannedUpTo, Instant now) {
    Schedule schedule = schedule(definition);
    Due due = new Due(schedule.id(), null, plannedUpTo, null);
    return PLANNER.plan(schedule, due, Set.of(), Planner.Span.ahead(now));
  }

  private static List<Instant> nominal(Plan plan) {
    return plan.runs().stream().map(run -> run.order().nominalAt()).toList();
  }

  private static Instant next(Plan plan) {
    return requireNonNull(plan.due().next(), "nothing follows").instant();
  }

  @Nested
  class OnTime {

    @Test
    void whatIsWithinTheHorizonIsPlannedAndTheNextIsKnown() {
      Plan plan =
          plan(Definitions.of("s", "cron(* * * * ? *)"), NOW.minusSeconds(60), NOW.minusSeconds(1));

      assertThat(nominal(plan)).containsExactly(NOW);
      Plan.Run run = plan.runs().getFirst();
      assertThat(run.due()).isEqualTo(NOW);
      assertThat(run.order().kind()).isEqualTo(FiringKind.SCHEDULED);
      assertThat(run.order().revision()).isEqualTo(3);
      assertThat(run.key())
          .isEqualTo("SCHEDULE:0199c7e1-0000-7000-8000-000000000001:2026-03-10T12:00[UTC]");
      assertThat(plan.due().plannedUpTo()).isEqualTo(NOW);
      assertThat(plan.due().plannedLocal()).isEqualTo(LocalDateTime.parse("2026-03-10T12:00"));
      assertThat(next(plan)).isEqualTo(NOW.plusSeconds(60));
      assertThat(plan.misses()).isEmpty();
      assertThat(plan.endReason()).isNull();
    }

    @Test
    void whatIsBeyondTheHorizonIsOnlyKnown() {
      Plan plan =
          plan(Definitions.of("s", "cron(* * * * ? *)"), NOW.minusSeconds(60), NOW.minusSeconds(3));

      assertThat(plan.runs()).isEmpty();
      assertThat(plan.due().plannedUpTo()).isEqualTo(NOW.minusSeconds(60));
      assertThat(next(plan)).isEqualTo(NOW);
    }

    @Test
    void aScheduleMoreOftenThanTheHorizonGetsSeveralFirings() {
      Plan plan = plan(Definitions.of("s", "rate(1 second)"), NOW, NOW);

      assertThat(nominal(plan)).containsExactly(NOW.plusSeconds(1), NOW.plusSeconds(2));
      assertThat(next(plan)).isEqualTo(NOW.plusSeconds(3));
    }

    @Test
    void planningTwiceRepeatsNothing() {
      Definition definition = Definitions.of("s", "rate(1 second)");
      Plan first = plan(definition, NOW, NOW);
      Plan second = plan(definition, first.due().plannedUpTo(), NOW);

      assertThat(second.runs()).isEmpty();
      assertThat(second.due().next()).isEqualTo(first.due().next());
    }

    @Test
    void aLittleLateIsNotMissed() {
      Plan plan = plan(Definitions.of("s", "rate(10 seconds)"), NOW.minusSeconds(60), NOW);

      assertThat(plan.runs())
          .hasSize(6)
          .extracting(run -> run.order().kind())
          .containsOnly(FiringKind.SCHEDULED);
      assertThat(plan.misses()).isEmpty();
    }

    @Test
    void closedDatesAreNotPlanned() {
      Schedule schedule = schedule(Definitions.of("s", "cron(0 12 * * ? *)"));
      Due due = new Due(schedule.id(), null, NOW.minusSeconds(60), null);

      Plan plan =
          PLANNER.plan(
              schedule, due, Set.of(LocalDate.parse("2026-03-10")), Planner.Span.ahead(NOW));

      assertThat(plan.runs()).isEmpty();
      assertThat(next(plan)).isEqualTo(Instant.parse("2026-03-11T12:00:00Z"));
    }

    @Test
    void theLastFiringSaysThatNothingFollows() {
      Plan plan = plan(Definitions.of("s", "at(2026-03-10T12:00:00)"), NOW.minusSeconds(60), NOW);

      assertThat(nominal(plan)).containsExactly(NOW);
      assertThat(plan.due().next()).isNull();
      assertThat(plan.endReason()).contains("2026-03-10T12:00");
    }

    @Test
    void whereBothShowingsOfATimeCountTheInstantNamesTheFiring() {
      Definition definition = Definitions.of("s", "cron(30 1 * * ? *)", "America/New_York");
      Timing timing = definition.timing();
      Definition both =
          definition.with(
              new Timing(
                  timing.expression(),
                  timing.zone(),
                  timing.gap(),
                  OverlapPolicy.BOTH,
                  null,
                  null,
                  Set.of(),
                  List.of()));
      Instant first = Instant.parse("2026-11-01T05:30:00Z");

      Plan one = plan(both, first.minusSeconds(30), first);
      Plan two = plan(both, one.due().plannedUpTo(), first.plusSeconds(3600));

      assertThat(nominal(one)).containsExactly(first);
      assertThat(nominal(two)).containsExactly(first.plusSeconds(3600));
      assertThat(one.runs().getFirst().key()).isNotEqualTo(two.runs().getFirst().key());
    }
  }

  @Nested
  class GoingOn {

    /** On Lord Howe half an hour is skipped: 02:20 is moved behind 02:35. */
    @Test
    void aTimeThatIsMovedBehindALaterOneIsStillToCome() {
      Definition plain = Definitions.of("s", "cron(20,35 2 * * ? *)", "Australia/Lord_Howe");
      Timing timing = plain.timing();
      Schedule schedule =
          schedule(
              plain.with(
                  new Timing(
                      timing.expression(),
                      timing.zone(),
                      GapPolicy.SHIFT_FORWARD,
                      timing.overlap(),
                      null,
                      null,
                      Set.of(),
                      List.of())));
      Instant shown = Instant.parse("2026-10-03T15:35:00Z");
      LocalDateTime local = LocalDateTime.parse("2026-10-04T02:35");

      Plan plan = PLANNER.goOn(schedule, new Due(schedule.id(), null, shown, local), Set.of());

      assertThat(next(plan)).isEqualTo(shown.plusSeconds(15 * 60));
      assertThat(plan.due().plannedUpTo()).isEqualTo(shown);
      assertThat(plan.due().plannedLocal()).isEqualTo(local);
    }
  }

  @Nested
  class FlexibleWindow {

    private final Definition jittered =
        Definitions.of("s", "cron(0 * * * ? *)")
            .with(Policies.DEFAULT.withJitter(Duration.ofMinutes(15)));

    @Test
    void aFiringComesWithinItAndAlwaysAtTheSamePlace() {
      Plan plan = plan(jittered, NOW.minusSeconds(1), NOW);
      Plan again = plan(jittered, NOW.minusSeconds(1), NOW);

      Instant due = plan.runs().getFirst().due();
      assertThat(due).isAfter(NOW).isBeforeOrEqualTo(NOW.plus(Duration.ofMinutes(15)));
      assertThat(plan.runs().getFirst().order().nominalAt()).isEqualTo(NOW);
      assertThat(again).isEqualTo(plan);
    }

    @Test
    void itEndsBeforeTheNextFiring() {
      Definition often =
          Definitions.of("s", "rate(2 seconds)")
              .with(Policies.DEFAULT.withJitter(Duration.ofDays(1)));
      for (int i = 0; i < 100; i++) {
        Instant from = NOW.plusSeconds(2L * i);
        Plan plan = plan(often, from, from.plusSeconds(1));
        assertThat(plan.runs().getFirst().due())
            .isBetween(from.plusSeconds(2), from.plusSeconds(4).minusMillis(1));
      }
    }
  }

  @Nested
  class AfterAnOutage {

    private final Instant weekAgo = NOW.minus(Duration.ofDays(7));

    @Test
    void fireOnceRunsTheLatestAndNotesTheOthers() {
      Plan plan =
          plan(every("cron(0 * * * ? *)", MisfirePolicy.FIRE_ONCE), weekAgo, NOW.plusSeconds(5));

      assertThat(nominal(plan)).containsExactly(NOW);
      assertThat(plan.runs().getFirst().order().kind()).isEqualTo(FiringKind.CATCH_UP);
      assertThat(plan.misses()).hasSize(7 * 24 - 1);
      assertThat(plan.misses().getFirst().reason()).contains("more than PT24H ago");
      assertThat(plan.misses().getLast().reason()).contains("only the latest missed firing is run");
      assertThat(plan.misses()).extracting(Miss::count).containsOnly(1L);
      assertThat(next(plan)).isEqualTo(NOW.plusSeconds(3600));
    }

    @Test
    void fireAllRunsThoseOfTheWindowUpToItsNumber() {
      Definition definition = Definitions.of("s", "cron(0 * * * ? *)");
      Policies ten =
          Policies.DEFAULT.withMisfire(MisfirePolicy.FIRE_ALL, Duration.ofHours(10), 100);
      Policies three =
          Policies.DEFAULT.withMisfire(MisfirePolicy.FIRE_ALL, Duration.ofHours(10), 3);

      Plan plan = plan(definition.with(ten), weekAgo, NOW.plusSeconds(5));
      Plan fewer = plan(definition.with(three), weekAgo, NOW.plusSeconds(5));

      assertThat(nominal(plan)).hasSize(10).isSorted().endsWith(NOW);
      assertThat(plan.misses()).hasSize(7 * 24 - 10);
      assertThat(nominal(fewer))
          .containsExactly(NOW.minusSeconds(7200), NOW.minusSeconds(3600), NOW);
      assertThat(fewer.misses().getLast().reason()).contains("only the latest 3");
    }

    @Test
    void skipRunsNoneAndGoesOnFromNow() {
      Plan plan = plan(every("cron(0 * * * ? *)", MisfirePolicy.SKIP), weekAgo, NOW.plusSeconds(5));

      assertThat(plan.runs()).isEmpty();
      assertThat(plan.misses()).hasSize(7 * 24);
      assertThat(plan.misses().getLast().nominalAt()).isEqualTo(NOW);
      assertThat(plan.misses().getLast().reason()).contains("skipped");
      assertThat(plan.due().plannedUpTo()).isEqualTo(NOW.plusSeconds(5));
    }

    @Test
    void whatIsLeftOutIsListedAndTheRestIsCounted() {
      Plan plan = plan(every("cron(* * * * ? *)", MisfirePolicy.FIRE_ONCE), weekAgo, NOW);

      assertThat(nominal(plan)).containsExactly(NOW);
      assertThat(plan.misses()).hasSize(Misfires.MAX_LISTED + 1);
      Miss rest = plan.misses().getLast();
      assertThat(rest.count()).isEqualTo(7 * 24 * 60 - 1 - Misfires.MAX_LISTED);
      assertThat(plan.misses().stream().mapToLong(Miss::count).sum()).isEqualTo(7 * 24 * 60 - 1);
    }

    @Test
    void aLongOutageOfAFrequentScheduleIsBounded() {
      Plan plan =
          plan(
              every("rate(1 second)", MisfirePolicy.FIRE_ALL), NOW.minus(Duration.ofDays(29)), NOW);

      assertThat(nominal(plan)).hasSize(100 + 2).startsWith(NOW.minusSeconds(99)).isSorted();
      assertThat(plan.misses().getLast().count()).isEqualTo(Misfires.MAX_COUNTED);
      assertThat(plan.misses().getLast().reason()).contains("at least");
    }

    @Test
    void whatWouldBeTooOldToBeginIsNotRun() {
      Definition definition =
          Definitions.of("s", "cron(0 * * * ? *)")
              .with(
                  Definitions.runs(
                      Policies.DEFAULT.withMisfire(MisfirePolicy.FIRE_ALL, Duration.ofDays(1), 100),
                      Duration.ofHours(2),
                      null));

      assertThat(nominal(plan(definition, weekAgo, NOW.plusSeconds(5)))).hasSize(2);
    }
  }
}
