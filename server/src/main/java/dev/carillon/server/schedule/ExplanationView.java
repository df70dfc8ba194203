package dev.carillon.server.schedule;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.schedule.Miss;
import dev.carillon.schedule.Policies;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.expression.Spelling;
import dev.carillon.schedule.history.Explanation;
import dev.carillon.schedule.history.PastRun;
import dev.carillon.schedule.history.Situation;
import dev.carillon.server.schedule.HistoryView.FiringView;
import dev.carillon.time.Occurrence;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why a schedule did not run, as JSON: a sentence, and the facts that it is drawn from; of one that
 * cannot be read, nothing else is known.
 *
 * @param cause the first thing that keeps it from running; {@code none} if nothing does
 * @param explanation the sentence
 * @param next its next nominal time, as if it were enabled
 * @param overdue a nominal time that has come and that nobody has planned
 * @param lastRun its latest run that is due or over
 * @param waiting the first run that is due and has not ended
 * @param lastMiss its latest firing that was not run
 * @param leftOut the latest time that its own rules left out, with the reason
 * @param processes how many processes are there to perform anything
 * @param target what is wrong with its target
 */
@JsonNaming(SnakeCaseStrategy.class)
record ExplanationView(
    String cause,
    String explanation,
    @Nullable String state,
    @Nullable String stateReason,
    @Nullable Instant stateSince,
    @Nullable String misfire,
    @Nullable String runOverlap,
    @Nullable String gap,
    @Nullable Instant next,
    @Nullable Instant overdue,
    @Nullable FiringView lastRun,
    @Nullable FiringView waiting,
    @Nullable FiringView lastMiss,
    @Nullable LeftOutView leftOut,
    int processes,
    @Nullable String target) {

  /** A nominal time that was left out. */
  record LeftOutView(Instant at, String local, String reason) {}

  static ExplanationView of(Situation situation) {
    Explanation why = Explanation.of(situation);
    Schedule schedule = situation.schedule();
    Schedule.Standing standing = schedule.standing();
    Policies policies = schedule.definition().policies();
    Occurrence next = situation.next();
    return new ExplanationView(
        Spelling.of(why.cause()),
        why.sentence(),
        Spelling.of(standing.state()),
        standing.reason().isEmpty() ? null : standing.reason(),
        standing.since(),
        Spelling.of(policies.misfire()),
        Spelling.of(policies.runOverlap()),
        Spelling.of(schedule.definition().timing().gap()),
        next == null ? null : next.instant(),
        situation.overdue(),
        firing(situation.lastRun()),
        firing(situation.live()),
        miss(situation.lastMiss()),
        leftOut(situation.leftOut()),
        situation.processes(),
        situation.targetTrouble());
  }

  /** As one is explained that cannot be read. */
  static ExplanationView of(Explanation why, int processes) {
    return new ExplanationView(
        Spelling.of(why.cause()),
        why.sentence(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        processes,
        null);
  }

  private static @Nullable FiringView firing(@Nullable PastRun run) {
    return run == null ? null : FiringView.of(run);
  }

  private static @Nullable FiringView miss(@Nullable Miss miss) {
    return miss == null ? null : FiringView.of(miss);
  }

  private static @Nullable LeftOutView leftOut(Situation.@Nullable LeftOut leftOut) {
    return leftOut == null
        ? null
        : new LeftOutView(
            leftOut.occurrence().instant(),
            leftOut.occurrence().local().toString(),
            leftOut.reason());
  }
}
