package dev.carillon.schedule.history;

import static java.util.Objects.requireNonNull;

import dev.carillon.schedule.Miss;
import dev.carillon.schedule.Schedule;
import dev.carillon.time.Occurrence;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that bears on whether a schedule runs.
 *
 * @param schedule as it is
 * @param overdue a nominal time that has come and that nobody has planned; null if there is none
 * @param next the next nominal time, as if it were enabled; null if there is none
 * @param runs its last runs, the latest first
 * @param lastMiss its latest miss; null if there is none
 * @param leftOut the latest nominal time that it left out by its own rules; null if there is none
 * @param processes how many processes are there to perform anything
 * @param targetTrouble what is wrong with its target; null if nothing is known to be
 * @param now when that is so
 */
public record Situation(
    Schedule schedule,
    @Nullable Instant overdue,
    @Nullable Occurrence next,
    List<PastRun> runs,
    @Nullable Miss lastMiss,
    @Nullable LeftOut leftOut,
    int processes,
    @Nullable String targetTrouble,
    Instant now) {

  public Situation {
    requireNonNull(schedule, "schedule is null");
    requireNonNull(now, "now is null");
    runs = List.copyOf(runs);
  }

  /**
   * A nominal time that a schedule leaves out by its own rules.
   *
   * @param occurrence when it would have been
   * @param reason which rule, for people
   */
  public record LeftOut(Occurrence occurrence, String reason) {
    public LeftOut {
      requireNonNull(occurrence, "occurrence is null");
      requireNonNull(reason, "reason is null");
    }
  }

  /** The latest run that is due or over; null if there is none. */
  public @Nullable PastRun lastRun() {
    return runs.stream().filter(run -> !run.dueAt().isAfter(now)).findFirst().orElse(null);
  }

  /** The first of the runs that have not ended though they are due; null if there is none. */
  public @Nullable PastRun live() {
    return runs.reversed().stream()
        .filter(run -> !run.hasEnded() && !run.dueAt().isAfter(now))
        .findFirst()
        .orElse(null);
  }
}
