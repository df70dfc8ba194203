package dev.carillon.schedule.history;

import static dev.carillon.schedule.history.HistoryPageTest.NOON;
import static dev.carillon.schedule.history.HistoryPageTest.at;
import static dev.carillon.schedule.history.HistoryPageTest.miss;
import static dev.carillon.schedule.history.HistoryPageTest.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.event.EventStatus;
import dev.carillon.schedule.Definition;
import dev.carillon.schedule.Definitions;
import dev.carillon.schedule.Miss;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.ScheduleState;
import dev.carillon.schedule.history.Explanation.Cause;
import dev.carillon.schedule.history.Situation.LeftOut;
import dev.carillon.time.Occurrence;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExplanationTest {

  private static final Instant NOW = at(10);
  private static final ZoneId UTC = ZoneId.of("UTC");
  private static final Occurrence NEXT = occurrence(at(30));
  private static final String NEXT_SAID = " It is due next at 2027-06-01T12:30:00Z.";
  private static final PastRun DONE = run(5, EventStatus.COMPLETED, null);

  @Test
  void oneThatRunsSaysSoAndHowLate() {
    assertThat(explain(enabled(), List.of(DONE), null))
        .isEqualTo(
            new Explanation(
                Cause.NONE,
                "It runs: its run of 2027-06-01T12:05:00Z was done, 2.000 s late." + NEXT_SAID));
  }

  @Test
  void oneThatWasNeverDueSaysSo() {
    assertThat(explain(enabled(), List.of(), null).cause()).isEqualTo(Cause.NOT_DUE_YET);
  }

  @Test
  void aPauseIsToldWithItsReasonAndItsBegin() {
    assertThat(explain(schedule(ScheduleState.PAUSED, "the books are closed."), List.of(), null))
        .isEqualTo(
            new Explanation(
                Cause.PAUSED,
                "It has been paused since 2027-06-01T12:00:00Z: the books are closed."));
  }

  @Test
  void anEndIsToldWithItsReason() {
    assertThat(explain(schedule(ScheduleState.ENDED, "The schedule ends."), List.of(DONE), null))
        .isEqualTo(
            new Explanation(
                Cause.ENDED, "It has ended, since 2027-06-01T12:00:00Z: The schedule ends."));
  }

  @Test
  void aStartInTheFutureIsTold() {
    Schedule later = started(NOW.plusSeconds(60));

    assertThat(explain(later, List.of(), null).sentence())
        .isEqualTo("It starts at 2027-06-01T12:11:00Z." + NEXT_SAID);
    assertThat(explain(started(NOW.minusSeconds(60)), List.of(DONE), null).cause())
        .isEqualTo(Cause.NONE);
  }

  @Test
  void withoutAProcessNothingRuns() {
    Situation nobody =
        new Situation(enabled(), at(9), NEXT, List.of(DONE), null, null, 0, null, NOW);

    assertThat(Explanation.of(nobody).cause()).isEqualTo(Cause.NO_PROCESS);
    assertThat(Explanation.of(nobody).sentence())
        .isEqualTo("No process is alive to perform it: start one with carillon serve." + NEXT_SAID);
  }

  @Test
  void aTimeThatNobodyPlannedIsToldWhenPlannersHadTheirTime() {
    assertThat(overdue(NOW.minusSeconds(11)).cause()).isEqualTo(Cause.NOT_PLANNED);
    assertThat(overdue(NOW.minusSeconds(9)).cause()).isEqualTo(Cause.NONE);
  }

  @Test
  void aRunUnderWayIsTold() {
    PastRun going = run(9, EventStatus.PROCESSING, null);

    assertThat(explain(enabled(), List.of(going, DONE), null))
        .isEqualTo(
            new Explanation(
                Cause.RUNNING,
                "Its run of 2027-06-01T12:09:00Z is under way, attempt 3." + NEXT_SAID));
  }

  @Test
  void theFirstRunThatWaitsIsToldWithWhatItWaitsFor() {
    PastRun first = run(8, EventStatus.PENDING, "HTTP 503");
    PastRun second = run(9, EventStatus.PENDING, "an earlier run has not ended");

    assertThat(explain(enabled(), List.of(second, first, DONE), null))
        .isEqualTo(
            new Explanation(
                Cause.WAITING,
                "Its run of 2027-06-01T12:08:00Z waits, until 2027-06-01T12:18:00Z: HTTP 503."
                    + NEXT_SAID));
  }

  @Test
  void aRunThatIsPlannedAheadDoesNotWait() {
    PastRun ahead = run(11, EventStatus.PENDING, null);

    assertThat(explain(enabled(), List.of(ahead, DONE), null).cause()).isEqualTo(Cause.NONE);
  }

  @Test
  void aTargetThatCannotBeUsedIsTold() {
    Situation troubled =
        new Situation(
            enabled(), null, NEXT, List.of(DONE), null, null, 1, "the endpoint crm fails", NOW);

    assertThat(Explanation.of(troubled))
        .isEqualTo(
            new Explanation(
                Cause.TARGET, "Its target cannot be used: the endpoint crm fails." + NEXT_SAID));
  }

  @Test
  void aRunThatFailedIsToldWithItsReason() {
    assertThat(explain(enabled(), List.of(run(9, EventStatus.FAILED, "HTTP 400")), null))
        .isEqualTo(
            new Explanation(
                Cause.FAILED,
                "Its run of 2027-06-01T12:09:00Z failed for good after 3 attempts: HTTP 400."
                    + NEXT_SAID));
  }

  @Test
  void aLaterSuccessMakesUpForAFailure() {
    PastRun failed = run(3, EventStatus.FAILED, "HTTP 400");

    assertThat(explain(enabled(), List.of(DONE, failed), null).cause()).isEqualTo(Cause.NONE);
  }

  @Test
  void aRunThatWasCalledOffIsTold() {
    PastRun off = run(9, EventStatus.CANCELLED, "cancelled by hand");

    assertThat(explain(enabled(), List.of(off), null).sentence())
        .isEqualTo(
            "Its run of 2027-06-01T12:09:00Z was called off: cancelled by hand." + NEXT_SAID);
  }

  @Test
  void aMissAfterTheLastRunIsTold() {
    assertThat(explain(enabled(), List.of(DONE), miss(6)))
        .isEqualTo(
            new Explanation(
                Cause.MISSED,
                "Its firing of 2027-06-01T12:06:00Z was not run: because." + NEXT_SAID));
    assertThat(explain(enabled(), List.of(DONE), miss(4)).cause()).isEqualTo(Cause.NONE);
  }

  @Test
  void aSkippedRunIsToldByItsMiss() {
    PastRun skipped = run(6, EventStatus.CANCELLED, "an earlier run has not ended");

    assertThat(explain(enabled(), List.of(skipped, DONE), miss(6)).cause()).isEqualTo(Cause.MISSED);
  }

  @Test
  void aMissThatStandsForManySaysHowMany() {
    Miss one = miss(6);
    Miss many = new Miss(one.schedule(), one.nominalAt(), one.nominalLocal(), "because", 4, NOW);

    assertThat(explain(enabled(), List.of(DONE), many).sentence())
        .isEqualTo(
            "Its firing of 2027-06-01T12:06:00Z and the 3 after it were not run: because."
                + NEXT_SAID);
  }

  @Test
  void aTimeThatItsOwnRulesLeftOutIsTold() {
    LeftOut leftOut = new LeftOut(occurrence(at(7)), "2027-06-01 is in the calendar holidays");
    Situation situation =
        new Situation(enabled(), null, NEXT, List.of(DONE), null, leftOut, 1, null, NOW);

    assertThat(Explanation.of(situation))
        .isEqualTo(
            new Explanation(
                Cause.LEFT_OUT,
                "Its time 2027-06-01T12:07 in UTC was left out: 2027-06-01 is in the calendar"
                    + " holidays."
                    + NEXT_SAID));
  }

  private static Explanation overdue(Instant since) {
    return Explanation.of(
        new Situation(enabled(), since, NEXT, List.of(DONE), null, null, 1, null, NOW));
  }

  private static Explanation explain(Schedule schedule, List<PastRun> runs, @Nullable Miss miss) {
    return Explanation.of(new Situation(schedule, null, NEXT, runs, miss, null, 1, null, NOW));
  }

  private static Schedule enabled() {
    return schedule(ScheduleState.ENABLED, "");
  }

  private static Schedule started(Instant start) {
    Definition plain = Definitions.of("a", "rate(5 minutes)");
    return schedule(ScheduleState.ENABLED, "")
        .defined(plain.with(plain.timing().between(start, null)), NOON);
  }

  private static Schedule schedule(ScheduleState state, String reason) {
    return new Schedule(
        new UUID(0, 1),
        Definitions.of("a", "rate(5 minutes)"),
        new Schedule.Standing(state, reason, NOON),
        1,
        NOON,
        NOON,
        NOON);
  }

  private static Occurrence occurrence(Instant at) {
    return new Occurrence(LocalDateTime.ofInstant(at, ZoneOffset.UTC), UTC, at, "2026a");
  }
}
