package dev.carillon.schedule.running;

import static java.util.Objects.requireNonNull;

import dev.carillon.engine.Deadline;
import dev.carillon.retry.RetryPolicy;
import dev.carillon.schedule.Miss;
import dev.carillon.schedule.Misses;
import dev.carillon.schedule.RunOrder;
import dev.carillon.schedule.RunOverlap;
import dev.carillon.schedule.Schedule;
import dev.carillon.target.Attempt;
import dev.carillon.target.Outcome;
import dev.carillon.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Performs the events of schedules: finds the schedule, keeps to its policies, and has its target
 * do the work. Safe for use by many threads.
 */
public final class ScheduleRuns implements Target, AutoCloseable {

  /** A run that begins this soon after it was due is of the definition that planned it. */
  static final Duration PROMPT = Duration.ofSeconds(5);

  /** How long a run waits of which nobody can say whether it may begin. */
  static final Duration UNKNOWN_PAUSE = Duration.ofSeconds(5);

  private final Jdbi jdbi;
  private final Lookup lookup;
  private final Runway runway;
  private final Map<String, ScheduleTarget> targets = new HashMap<>();
  private final Inputs inputs;
  private final Runnable ended;
  private final Deadline deadline = new Deadline();

  /**
   * The runs of all schedules.
   *
   * @param targets what schedules may do; each of another kind
   * @param inputs fills templates
   * @param ended is called when a run ended that another one may wait for: {@link Upkeep#kick}
   */
  public ScheduleRuns(Jdbi jdbi, List<ScheduleTarget> targets, Inputs inputs, Runnable ended) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
    this.inputs = requireNonNull(inputs, "inputs is null");
    this.ended = requireNonNull(ended, "ended is null");
    this.lookup = new Lookup(jdbi);
    this.runway = new Runway(jdbi);
    for (ScheduleTarget target : targets) {
      if (this.targets.put(target.kind(), target) != null) {
        throw new IllegalArgumentException("two targets are of the kind " + target.kind());
      }
    }
  }

  /**
   * Says what schedules were when they were planned: their runs need not read them again. For the
   * planner of the same process.
   */
  public void planned(Collection<Schedule> schedules) {
    lookup.keep(schedules);
  }

  /** {@inheritDoc} Its kinds have limits of their own: this is beyond the longest. */
  @Override
  public Duration timeLimit(Duration usual) {
    return targets.values().stream()
        .map(ScheduleTarget::timeLimit)
        .max(Comparator.naturalOrder())
        .map(usual::plus)
        .orElse(usual);
  }

  @Override
  public int mostAttempts() {
    return RetryPolicy.MOST_ATTEMPTS;
  }

  @Override
  public Outcome perform(Attempt attempt) throws Exception {
    RunOrder order = RunOrder.read(attempt.event());
    Start start;
    try {
      start = start(order, attempt);
    } catch (JdbiException e) {
      return new Outcome.Postponed(
          "the database does not say whether the run may begin", UNKNOWN_PAUSE, null);
    }
    return switch (start) {
      case Begins(Schedule schedule) -> run(schedule, order, attempt);
      case Instead(Outcome outcome) -> outcome;
    };
  }

  /** Watches over no run any more. */
  @Override
  public void close() {
    deadline.close();
  }

  /** Whether a run begins. */
  private sealed interface Start {}

  private record Begins(Schedule schedule) implements Start {}

  private record Instead(Outcome outcome) implements Start {}

  private Start start(RunOrder order, Attempt attempt) {
    Optional<Schedule> found = known(order, attempt);
    if (found.isEmpty()) {
      return new Instead(new Outcome.Skipped("its schedule was deleted"));
    }
    Schedule schedule = found.get();
    String tooOld = tooOld(schedule, attempt);
    if (tooOld != null) {
      if (attempt.number() == 1) {
        note(order, tooOld, attempt.startedAt());
      }
      return new Instead(new Outcome.Rejected(tooOld));
    }
    return switch (runway.clear(attempt.event(), overlap(schedule, order))) {
      case Runway.Waits waits -> new Instead(new Outcome.Held(waits.lane(), waits.reason()));
      case Runway.Dropped dropped -> {
        note(order, dropped.reason(), attempt.startedAt());
        yield new Instead(new Outcome.Skipped(dropped.reason()));
      }
      case Runway.Cleared _ -> new Begins(schedule);
    };
  }

  /** The definition that planned a prompt run; one that comes later may have been mended since. */
  private Optional<Schedule> known(RunOrder order, Attempt attempt) {
    boolean isPrompt = attempt.number() == 1 && attempt.lateness().compareTo(PROMPT) < 0;
    return isPrompt
        ? lookup.find(order.schedule(), order.revision())
        : lookup.fresh(order.schedule());
  }

  /** Runs that become due all at once come one after another: they do not oust each other. */
  private static RunOverlap overlap(Schedule schedule, RunOrder order) {
    RunOverlap policy = schedule.definition().policies().runOverlap();
    return switch (order.kind()) {
      case SCHEDULED, MANUAL -> policy;
      case CATCH_UP, BACKFILL ->
          policy == RunOverlap.ALLOW ? RunOverlap.ALLOW : RunOverlap.BUFFER_ALL;
    };
  }

  private Outcome run(Schedule schedule, RunOrder order, Attempt attempt) throws Exception {
    String kind = schedule.definition().target().kind();
    ScheduleTarget target = targets.get(kind);
    if (target == null) {
      return new Outcome.Rejected("there is no target of the kind " + kind);
    }
    String input;
    try {
      input = input(schedule, order, attempt);
    } catch (IllegalArgumentException e) {
      return new Outcome.Rejected("its input cannot be made: " + e.getMessage());
    }
    try (Deadline.Guard _ = deadline.guard(target.timeLimit())) {
      return withPolicy(target.run(new Run(schedule, order, attempt, input)), schedule);
    } finally {
      tellWaiting(schedule);
    }
  }

  private @Nullable String input(Schedule schedule, RunOrder order, Attempt attempt) {
    String own = schedule.definition().target().input();
    String template = RunOrder.inputOf(attempt.event()).orElse(own);
    return template == null ? null : inputs.render(template, schedule, order, attempt);
  }

  /** A retryable failure is tried again as the schedule says, unless the target said otherwise. */
  private static Outcome withPolicy(Outcome outcome, Schedule schedule) {
    RetryPolicy retry = schedule.definition().policies().retry();
    return outcome instanceof Outcome.Retryable failure && failure.policy() == null
        ? new Outcome.Retryable(failure.reason(), failure.retryAfter(), retry, failure.receipt())
        : outcome;
  }

  private void tellWaiting(Schedule schedule) {
    if (schedule.definition().policies().runOverlap() != RunOverlap.ALLOW) {
      ended.run();
    }
  }

  private static @Nullable String tooOld(Schedule schedule, Attempt attempt) {
    Duration maxAge = schedule.definition().policies().maxAge();
    Duration age = Duration.between(attempt.event().at().instant(), attempt.startedAt());
    return maxAge != null && age.compareTo(maxAge) > 0
        ? "too old: it was due %s ago, and at most %s are allowed".formatted(age, maxAge)
        : null;
  }

  /** What nobody asked for by hand was missed. */
  private void note(RunOrder order, String reason, Instant now) {
    switch (order.kind()) {
      case SCHEDULED, CATCH_UP -> {
        Miss miss =
            new Miss(order.schedule(), order.nominalAt(), order.nominalLocal(), reason, 1, now);
        jdbi.useHandle(handle -> Misses.note(handle, List.of(miss)));
      }
      case BACKFILL, MANUAL -> {}
    }
  }
}
