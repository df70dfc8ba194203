package dev.carillon.server.schedule;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.retry.Backoff;
import dev.carillon.retry.RetryPolicy;
import dev.carillon.schedule.Definition;
import dev.carillon.schedule.Policies;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.TargetChoice;
import dev.carillon.schedule.Timing;
import dev.carillon.schedule.expression.Spelling;
import dev.carillon.schedule.history.Punctuality;
import dev.carillon.server.http.Json;
import dev.carillon.server.settings.TimeSpan;
import dev.carillon.time.Occurrence;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A schedule as JSON.
 *
 * @param nextAt when it fires next; null while it does not
 * @param next its next nominal times; only where one schedule is shown
 * @param punctuality how late its last runs were; only where one schedule is shown
 */
@JsonNaming(SnakeCaseStrategy.class)
record ScheduleView(
    UUID id,
    String group,
    String name,
    String description,
    List<String> tags,
    @Schema(enumeration = {"enabled", "paused", "ended"}) String state,
    @Nullable String stateReason,
    Instant stateSince,
    @JsonUnwrapped TimingView timing,
    @Schema(implementation = Object.class) ObjectNode target,
    @Nullable String input,
    @JsonUnwrapped PoliciesView policies,
    long revision,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant nextAt,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Instant> next,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable PunctualityView punctuality) {

  private static final double MICROS = 1e6;

  /** When a schedule fires. */
  @JsonNaming(SnakeCaseStrategy.class)
  record TimingView(
      String expression,
      String zone,
      String gap,
      String overlap,
      @Nullable Instant start,
      @Nullable Instant end,
      List<LocalDate> excludedDates,
      List<String> calendars) {

    static TimingView of(Timing timing) {
      return new TimingView(
          timing.expression().text(),
          timing.zone().getId(),
          Spelling.of(timing.gap()),
          Spelling.of(timing.overlap()),
          timing.startAt(),
          timing.endAt(),
          timing.excludedDates().stream().sorted().toList(),
          timing.calendars());
    }
  }

  /** How a schedule behaves. */
  @JsonNaming(SnakeCaseStrategy.class)
  record PoliciesView(
      String misfire,
      String catchUp,
      int maxCatchUp,
      String runOverlap,
      String jitter,
      @Nullable String maxAge,
      @Nullable Integer maxAttempts,
      @Nullable List<String> retry,
      boolean pauseOnFailure,
      String afterLastRun) {

    static PoliciesView of(Policies policies) {
      Duration maxAge = policies.maxAge();
      return new PoliciesView(
          Spelling.of(policies.misfire()),
          TimeSpan.format(policies.catchUpWindow()),
          policies.maxCatchUp(),
          Spelling.of(policies.runOverlap()),
          TimeSpan.format(policies.jitter()),
          maxAge == null ? null : TimeSpan.format(maxAge),
          attempts(policies.retry()),
          waits(policies.retry()),
          policies.pauseOnFailure(),
          Spelling.of(policies.afterLastRun()));
    }

    private static @Nullable Integer attempts(@Nullable RetryPolicy retry) {
      return retry == null || retry.backoff() instanceof Backoff.Listed
          ? null
          : Integer.valueOf(retry.maxAttempts());
    }

    private static @Nullable List<String> waits(@Nullable RetryPolicy retry) {
      return retry != null && retry.backoff() instanceof Backoff.Listed(List<Duration> waits)
          ? waits.stream().map(TimeSpan::format).toList()
          : null;
    }
  }

  /**
   * How late the last runs began, in seconds.
   *
   * @param runs how many runs it is about, at most {@link Punctuality#MAX_RUNS}
   * @param missed how many firings were not run, as far as it is remembered
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record PunctualityView(int runs, double p50, double p99, double max, long missed) {

    static PunctualityView of(Punctuality punctuality) {
      return new PunctualityView(
          punctuality.runs(),
          seconds(punctuality.p50()),
          seconds(punctuality.p99()),
          seconds(punctuality.max()),
          punctuality.missed());
    }
  }

  /** The schedule as a list shows it. */
  static ScheduleView of(Schedule schedule, @Nullable Instant nextAt) {
    return of(schedule, nextAt, null, null);
  }

  /** The schedule as it is shown alone. */
  static ScheduleView of(Schedule schedule, List<Occurrence> next, Punctuality punctuality) {
    List<Instant> times = next.stream().map(Occurrence::instant).toList();
    return of(
        schedule,
        times.isEmpty() ? null : times.getFirst(),
        times,
        PunctualityView.of(punctuality));
  }

  /** A duration in seconds, to the microsecond. */
  static double seconds(Duration duration) {
    return TimeUnit.NANOSECONDS.toMicros(duration.toNanos()) / MICROS;
  }

  private static ScheduleView of(
      Schedule schedule,
      @Nullable Instant nextAt,
      @Nullable List<Instant> next,
      @Nullable PunctualityView punctuality) {
    Definition definition = schedule.definition();
    Schedule.Standing standing = schedule.standing();
    return new ScheduleView(
        schedule.id(),
        definition.group(),
        definition.name(),
        definition.description(),
        definition.tags(),
        Spelling.of(standing.state()),
        standing.reason().isEmpty() ? null : standing.reason(),
        standing.since(),
        TimingView.of(definition.timing()),
        target(definition.target()),
        definition.target().input(),
        PoliciesView.of(definition.policies()),
        schedule.revision(),
        schedule.createdAt(),
        schedule.updatedAt(),
        nextAt,
        next,
        punctuality);
  }

  private static ObjectNode target(TargetChoice choice) {
    ObjectNode target = Json.object().put(ScheduleInput.KIND, choice.kind());
    target.setAll(choice.settings());
    return target;
  }
}
