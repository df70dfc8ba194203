package dev.carillon.schedule.history;

import static java.util.Objects.requireNonNull;

import dev.carillon.event.EventStatus;
import dev.carillon.schedule.Miss;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.ScheduleState;
import dev.carillon.schedule.UnreadableSchedule;
import dev.carillon.time.Occurrence;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Why a schedule did not run, or that it does.
 *
 * @param cause the first thing that keeps it from running, or {@link Cause#NONE}
 * @param sentence the same for people, and when it is due next
 */
public record Explanation(Cause cause, String sentence) {

  /** A planner looks once a second; one that takes longer than this for a firing is not there. */
  public static final Duration PLANNED_WITHIN = Duration.ofSeconds(10);

  /** What keeps a schedule from running. */
  public enum Cause {
    /** Nothing does. */
    NONE,
    /** It has not been due since it was made. */
    NOT_DUE_YET,
    /** Nothing follows any more. */
    ENDED,
    /** Someone, or a failure, stopped it. */
    PAUSED,
    /** Its start is in the future. */
    NOT_STARTED,
    /** No process is there to perform anything. */
    NO_PROCESS,
    /** This process cannot read it, though another one may. */
    UNREADABLE,
    /** A nominal time has come and nobody has planned it. */
    NOT_PLANNED,
    /** Its target cannot be used. */
    TARGET,
    /** A run is due and waits: for another attempt, for an earlier run, or for room. */
    WAITING,
    /** A run is under way. */
    RUNNING,
    /** Its last run failed for good. */
    FAILED,
    /** Its last run was called off or skipped. */
    CANCELLED,
    /** Its last firing was missed. */
    MISSED,
    /** Its own rules left its last time out: a gap of the clocks, a date, a calendar. */
    LEFT_OUT
  }

  public Explanation {
    requireNonNull(cause, "cause is null");
    requireNonNull(sentence, "sentence is null");
  }

  /** Explains a situation: the first of all causes that applies, in the order of their weight. */
  public static Explanation of(Situation situation) {
    Explanation why =
        Stream.<Function<Situation, Optional<Explanation>>>of(
                Explanation::standing,
                Explanation::nobodyThere,
                Explanation::live,
                Explanation::target,
                Explanation::leftOut,
                Explanation::missed,
                Explanation::ended)
            .flatMap(rule -> rule.apply(situation).stream())
            .findFirst()
            .orElseGet(() -> quiet(situation));
    return new Explanation(why.cause(), why.sentence() + next(situation));
  }

  /**
   * Explains a schedule that this process cannot read.
   *
   * @param next its next nominal time, or one that nobody has planned; null if there is none
   */
  static Explanation of(UnreadableSchedule unreadable, @Nullable Instant next, Instant now) {
    String reason = bare(String.valueOf(unreadable.getMessage()));
    String due =
        next == null
            ? ""
            : next.isBefore(now) ? notPlanned(next) : " It is due next at " + next + ".";
    return new Explanation(Cause.UNREADABLE, "This process cannot read it: " + reason + "." + due);
  }

  private static String notPlanned(Instant due) {
    return " It was due at " + due + ", and no other process has planned that yet.";
  }

  private static Optional<Explanation> standing(Situation situation) {
    Schedule schedule = situation.schedule();
    Schedule.Standing standing = schedule.standing();
    String reason = standing.reason().isEmpty() ? "" : ": " + bare(standing.reason());
    Instant start = schedule.definition().timing().startAt();
    return switch (standing.state()) {
      case ENDED -> found(Cause.ENDED, "It has ended, since " + standing.since() + reason + ".");
      case PAUSED ->
          found(Cause.PAUSED, "It has been paused since " + standing.since() + reason + ".");
      case ENABLED ->
          start != null && start.isAfter(situation.now())
              ? found(Cause.NOT_STARTED, "It starts at " + start + ".")
              : Optional.empty();
    };
  }

  private static Optional<Explanation> nobodyThere(Situation situation) {
    if (situation.processes() == 0) {
      return found(
          Cause.NO_PROCESS, "No process is alive to perform it: start one with carillon serve.");
    }
    Instant overdue = situation.overdue();
    return overdue == null || overdue.plus(PLANNED_WITHIN).isAfter(situation.now())
        ? Optional.empty()
        : found(
            Cause.NOT_PLANNED,
            "It was due at " + overdue + ", and no process has planned that yet: see their logs.");
  }

  private static Optional<Explanation> live(Situation situation) {
    PastRun run = situation.live();
    if (run == null) {
      return Optional.empty();
    }
    if (run.details().status() == EventStatus.PROCESSING) {
      return found(
          Cause.RUNNING,
          "Its run of %s is under way, attempt %d.".formatted(nominal(run), run.attempts()));
    }
    Instant again = run.details().nextAttemptAt();
    String until = again == null ? "" : ", until " + again;
    String reason = run.details().failureReason();
    String why = reason == null ? "" : ": " + bare(reason);
    return found(Cause.WAITING, "Its run of %s waits%s%s.".formatted(nominal(run), until, why));
  }

  private static Optional<Explanation> target(Situation situation) {
    String trouble = situation.targetTrouble();
    return trouble == null
        ? Optional.empty()
        : found(Cause.TARGET, "Its target cannot be used: " + bare(trouble) + ".");
  }

  /** A time that was left out, if nothing came after it. */
  private static Optional<Explanation> leftOut(Situation situation) {
    Situation.LeftOut leftOut = situation.leftOut();
    if (leftOut == null) {
      return Optional.empty();
    }
    Occurrence left = leftOut.occurrence();
    boolean isLast =
        left.instant().isAfter(ran(situation.lastRun()))
            && left.instant().isAfter(nominal(situation.lastMiss()));
    return isLast
        ? found(
            Cause.LEFT_OUT,
            "Its time %s in %s was left out: %s."
                .formatted(left.local(), left.zone(), bare(leftOut.reason())))
        : Optional.empty();
  }

  /** A miss, if no run came after it, or the run was skipped and is noted as the miss. */
  private static Optional<Explanation> missed(Situation situation) {
    PastRun run = situation.lastRun();
    Miss miss = situation.lastMiss();
    if (miss == null) {
      return Optional.empty();
    }
    Instant ran = ran(run);
    boolean isLast = miss.nominalAt().isAfter(ran);
    boolean isTheRun = miss.nominalAt().equals(ran) && !isDone(run);
    if (!isLast && !isTheRun) {
      return Optional.empty();
    }
    String were =
        miss.count() > 1 ? " and the %d after it were".formatted(miss.count() - 1) : " was";
    return found(
        Cause.MISSED,
        "Its firing of %s%s not run: %s.".formatted(miss.nominalAt(), were, bare(miss.reason())));
  }

  private static Optional<Explanation> ended(Situation situation) {
    PastRun run = situation.lastRun();
    if (run == null) {
      return Optional.empty();
    }
    String reason = run.details().failureReason();
    String why = reason == null ? "" : ": " + bare(reason);
    return switch (run.details().status()) {
      case CANCELLED ->
          found(Cause.CANCELLED, "Its run of %s was called off%s.".formatted(nominal(run), why));
      case FAILED ->
          found(
              Cause.FAILED,
              "Its run of %s failed for good after %s%s."
                  .formatted(nominal(run), attempts(run), why));
      case PENDING, PROCESSING, COMPLETED -> Optional.empty();
    };
  }

  private static Explanation quiet(Situation situation) {
    PastRun run = situation.lastRun();
    if (run == null) {
      return new Explanation(
          Cause.NOT_DUE_YET, "It has not been due since it was made or last changed.");
    }
    Duration late = run.lateness();
    String lateness =
        late == null ? "" : String.format(Locale.ROOT, ", %.3f s late", late.toNanos() / 1e9);
    return new Explanation(
        Cause.NONE, "It runs: its run of %s was done%s.".formatted(nominal(run), lateness));
  }

  private static String next(Situation situation) {
    Occurrence next = situation.next();
    if (situation.schedule().standing().state() != ScheduleState.ENABLED) {
      return "";
    }
    return next == null ? "" : " It is due next at " + next.instant() + ".";
  }

  private static Instant ran(@Nullable PastRun run) {
    return run == null ? Instant.MIN : run.order().nominalAt();
  }

  private static Instant nominal(@Nullable Miss miss) {
    return miss == null ? Instant.MIN : miss.nominalAt();
  }

  private static boolean isDone(@Nullable PastRun run) {
    return run != null && run.details().status() == EventStatus.COMPLETED;
  }

  private static String attempts(PastRun run) {
    int count = run.attempts();
    return count == 1 ? "1 attempt" : count + " attempts";
  }

  private static Instant nominal(PastRun run) {
    return run.order().nominalAt();
  }

  /** A reason within a sentence, which has its own full stop. */
  private static String bare(String reason) {
    return reason.endsWith(".") ? reason.substring(0, reason.length() - 1) : reason;
  }

  private static Optional<Explanation> found(Cause cause, String sentence) {
    return Optional.of(new Explanation(cause, sentence));
  }
}
