package dev.carillon.server.refresh;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.refresh.drain.DrainLimits;
import dev.carillon.refresh.drain.DrainReport;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.running.Run;
import dev.carillon.schedule.running.ScheduleTarget;
import dev.carillon.schedule.target.SettingsFields;
import dev.carillon.server.http.Json;
import dev.carillon.target.Outcome;
import dev.carillon.target.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/**
 * A target of schedules that drains a source's requests: {@code {"kind": "refresh", "source":
 * "clash-of-clans"}}. An attempt ends when the drain does. Safe for use by many threads.
 */
public final class RefreshScheduleTarget implements ScheduleTarget {

  /** The kind, as schedules name it. */
  public static final String KIND = "refresh";

  /** The field that says which source; without it the one that is set is meant. */
  static final String SOURCE = "source";

  /** How long an attempt waits that could not begin. */
  static final Duration PAUSE = Duration.ofSeconds(10);

  /** How long after the limit of a drain its attempt is interrupted at the earliest. */
  private static final Duration GRACE = Duration.ofSeconds(15);

  private final Refreshing refreshing;
  private final InstantSource clock;

  /** A target that drains in this process. */
  public RefreshScheduleTarget(Refreshing refreshing, InstantSource clock) {
    this.refreshing = requireNonNull(refreshing, "refreshing is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  @Override
  public String kind() {
    return KIND;
  }

  /** {@inheritDoc} A drain ends by itself before. */
  @Override
  public Duration timeLimit() {
    return DrainLimits.DEFAULT.timeLimit().plus(GRACE);
  }

  @Override
  public Optional<String> problem(JsonNode settings) {
    return SettingsFields.unknown(settings, Set.of(SOURCE))
        .or(() -> sourceProblem(settings.path(SOURCE)));
  }

  /**
   * {@inheritDoc} A source that does not take our keys fails the run; a store that does not answer
   * postpones it, as does a process without a source: another one may have it.
   */
  @Override
  public Outcome run(Run run) {
    if (refreshing.source().isEmpty()) {
      return new Outcome.Postponed(Refreshing.NO_SOURCE, PAUSE, null);
    }
    Optional<String> problem = problem(run.settings());
    if (problem.isPresent()) {
      return new Outcome.Rejected("target " + problem.get());
    }
    Instant startedAt = clock.instant();
    return refreshing
        .drain(DrainLimits.DEFAULT)
        .map(report -> outcome(report, receipt(run, startedAt, report)))
        .orElseThrow();
  }

  static Outcome outcome(DrainReport report, Receipt receipt) {
    String reason = report.detail() == null ? "it cannot be drained" : report.detail();
    return switch (report.ended()) {
      case EMPTY, TIME, STOPPED, PAUSED -> new Outcome.Succeeded(receipt);
      case REFUSED -> new Outcome.Rejected(reason, receipt);
      case UNAVAILABLE -> new Outcome.Postponed(reason, PAUSE, receipt);
    };
  }

  /** What the attempts log keeps of a drain. */
  static ObjectNode json(DrainReport report) {
    ObjectNode json =
        Json.object()
            .put("processed", report.processed())
            .put("changed", report.changed())
            .put("unchanged", report.unchanged())
            .put("missing", report.missing())
            .put("failed", report.failures())
            .put("dropped", report.dropped())
            .put("given_back", report.givenBack())
            .put("calls", report.calls())
            .put("calls_per_second", report.callsPerSecond())
            .put("took_ms", report.took().toMillis())
            .put("ended", RefreshState.word(report.ended()))
            .put("detail", report.detail())
            .put("remaining", report.remaining());
    return json;
  }

  private Optional<String> sourceProblem(JsonNode wanted) {
    String known = refreshing.source().orElse("");
    if (known.isEmpty()) {
      return Optional.of(SOURCE + ": " + Refreshing.NO_SOURCE);
    }
    return wanted.isMissingNode() || known.equals(wanted.textValue())
        ? Optional.empty()
        : Optional.of("%s must be %s".formatted(SOURCE, known));
  }

  private static Receipt receipt(Run run, Instant startedAt, DrainReport report) {
    return new Receipt(Schedule.lane(run.schedule().id()), startedAt, json(report).toString());
  }
}
