package dev.carillon.server.view;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.running.Run;
import dev.carillon.schedule.running.ScheduleTarget;
import dev.carillon.schedule.target.SettingsFields;
import dev.carillon.server.http.Json;
import dev.carillon.target.Outcome;
import dev.carillon.target.Receipt;
import dev.carillon.view.ViewName;
import dev.carillon.view.catalog.PastRefresh;
import dev.carillon.view.full.RefreshLimits;
import dev.carillon.view.full.RefreshOutcome;
import dev.carillon.view.full.RefreshReport;
import dev.carillon.view.full.Totals;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/**
 * A target of schedules that refreshes a view: {@code {"kind": "view", "view": "job_progress"}}.
 * Safe for use by many threads.
 */
public final class ViewScheduleTarget implements ScheduleTarget {

  /** The kind, as schedules name it. */
  public static final String KIND = "view";

  /** The field that says which view. */
  static final String VIEW = "view";

  private final Viewing viewing;
  private final InstantSource clock;

  /** A target that refreshes in this process. */
  public ViewScheduleTarget(Viewing viewing, InstantSource clock) {
    this.viewing = requireNonNull(viewing, "viewing is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  @Override
  public String kind() {
    return KIND;
  }

  /** {@inheritDoc} A refresh ends by itself before. */
  @Override
  public Duration timeLimit() {
    RefreshLimits limits = RefreshLimits.DEFAULT;
    return limits.lockWait().plus(limits.run()).plus(RefreshLimits.GRACE.multipliedBy(2));
  }

  /** {@inheritDoc} A view that is not there may be made later: its runs say so. */
  @Override
  public Optional<String> problem(JsonNode settings) {
    return SettingsFields.unknown(settings, Set.of(VIEW))
        .or(() ->
            ViewNames.find(settings.path(VIEW).asText("")).isPresent()
                ? Optional.empty()
                : Optional.of(VIEW + " must be a view's name: " + ViewNames.ALLOWED));
  }

  @Override
  public Outcome run(Run run) {
    Optional<String> problem = problem(run.settings());
    if (problem.isPresent()) {
      return new Outcome.Rejected("target " + problem.get());
    }
    Instant startedAt = clock.instant();
    ViewName view = ViewNames.parse(run.settings().path(VIEW).textValue());
    RefreshOutcome outcome = viewing.views().refresh(view, PastRefresh.Cause.SCHEDULE);
    return outcome(
        outcome,
        new Receipt(Schedule.lane(run.schedule().id()), startedAt, json(view, outcome).toString()));
  }

  static Outcome outcome(RefreshOutcome outcome, Receipt receipt) {
    return switch (outcome) {
      case RefreshOutcome.Refreshed _ -> new Outcome.Succeeded(receipt);
      case RefreshOutcome.Busy busy -> new Outcome.Skipped(busy.message());
      case RefreshOutcome.Impossible(String reason, String remedy) ->
          new Outcome.Rejected(reason + ". " + remedy, receipt);
      case RefreshOutcome.Failed(String error, boolean passing) ->
          passing
              ? new Outcome.Retryable(error, null, null, receipt)
              : new Outcome.Rejected(error, receipt);
    };
  }

  /** What the attempts log keeps of a refresh. */
  static ObjectNode json(ViewName view, RefreshOutcome outcome) {
    ObjectNode json = Json.object().put(VIEW, view.text());
    return switch (outcome) {
      case RefreshOutcome.Refreshed(RefreshReport report) -> report(json, report);
      case RefreshOutcome.Busy busy -> json.put("busy", busy.message());
      case RefreshOutcome.Impossible(String reason, String remedy) ->
          json.put("error", reason).put("remedy", remedy);
      case RefreshOutcome.Failed(String error, boolean passing) ->
          json.put("error", error).put("passing", passing);
    };
  }

  private static ObjectNode report(ObjectNode json, RefreshReport report) {
    Totals.Jobs jobs = report.totals().jobs();
    json.put("as_of", report.asOf().toString())
        .put("duration_ms", report.duration().toMillis())
        .put("concurrently", report.concurrently())
        .put("wait_reason", report.waitReason())
        .put("rows", report.totals().rows());
    return jobs == null
        ? json
        : json.put("total_jobs", report.totals().rows())
            .put("total_objects", jobs.objects())
            .put("processed", jobs.processed())
            .put("total_findings", jobs.findings())
            .put("active_jobs", jobs.active());
  }
}
