package dev.carillon.server.performing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.schedule.Definition;
import dev.carillon.schedule.FiringKind;
import dev.carillon.schedule.running.Run;
import dev.carillon.schedule.running.ScheduleTarget;
import dev.carillon.target.Outcome;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A target whose runs are counted, for {@code /metrics}: how many firings began, and how late those
 * that came of a nominal time. Each schedule has its own series, up to {@link #MAX_SCHEDULES} of
 * them in a process; the others share one.
 *
 * @param target what does the work
 * @param registry where it is counted
 * @param known the schedules that have a series
 */
record MeasuredTarget(ScheduleTarget target, MeterRegistry registry, Set<String> known)
    implements ScheduleTarget {

  /** How many schedules have series of their own. */
  static final int MAX_SCHEDULES = 1_000;

  static final String LATENESS = "carillon.schedule.lateness";
  static final String FIRED = "carillon.schedule.fired";
  static final String OTHERS = "others";

  private static final double MEDIAN = 0.5;
  private static final double HIGH = 0.99;

  MeasuredTarget(ScheduleTarget target, MeterRegistry registry) {
    this(target, registry, ConcurrentHashMap.newKeySet());
  }

  @Override
  public String kind() {
    return target.kind();
  }

  @Override
  public Duration timeLimit() {
    return target.timeLimit();
  }

  @Override
  public Optional<String> problem(JsonNode settings) {
    return target.problem(settings);
  }

  @Override
  public Outcome run(Run run) throws Exception {
    Outcome outcome = target.run(run);
    if (run.attempt().number() == 1 && isMade(outcome)) {
      count(run);
    }
    return outcome;
  }

  /** Whether the attempt was made: one that was not comes again under its number. */
  private static boolean isMade(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Succeeded _, Outcome.Retryable _, Outcome.Rejected _ -> true;
      case Outcome.Postponed _, Outcome.Held _, Outcome.Skipped _ -> false;
    };
  }

  private void count(Run run) {
    FiringKind kind = run.order().kind();
    String schedule = series(run.schedule().definition());
    registry
        .counter(FIRED, "schedule", schedule, "kind", kind.name().toLowerCase(Locale.ROOT))
        .increment();
    switch (kind) {
      case SCHEDULED, CATCH_UP ->
          DistributionSummary.builder(LATENESS)
              .baseUnit("seconds")
              .tag("schedule", schedule)
              .publishPercentiles(MEDIAN, HIGH)
              .register(registry)
              .record(run.attempt().lateness().toNanos() / 1e9);
      case BACKFILL, MANUAL -> {}
    }
  }

  private String series(Definition definition) {
    String name = definition.group() + "/" + definition.name();
    if (known.contains(name)) {
      return name;
    }
    return known.size() < MAX_SCHEDULES && known.add(name) ? name : OTHERS;
  }
}
