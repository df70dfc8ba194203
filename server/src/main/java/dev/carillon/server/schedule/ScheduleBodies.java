package dev.carillon.server.schedule;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What requests are made of, for the API's document; {@link ScheduleInput} reads them. */
final class ScheduleBodies {

  private ScheduleBodies() {}

  /** What a schedule is made with, and what is changed of one: null stands for the default. */
  @JsonNaming(SnakeCaseStrategy.class)
  record ScheduleBody(
      @Schema(maxLength = 64, defaultValue = "default") @Nullable String group,
      @Schema(maxLength = 64, examples = "invoices") @Nullable String name,
      @Schema(maxLength = 512) @Nullable String description,
      @Nullable List<String> tags,
      @Schema(
              description = "rate(...), cron(...), at(...), yearly(...) or rrule(...)",
              examples = "cron(0 9 L * ? *)")
          @Nullable String expression,
      @Schema(defaultValue = "UTC", examples = "Europe/Paris") @Nullable String zone,
      @Schema(description = "whether it fires; only when it is made", defaultValue = "true")
          @Nullable Boolean enabled,
      @Schema(
              implementation = Object.class,
              description = "its kind, and what that wants to know",
              examples = "{\"kind\": \"webhook\"}")
          Object target,
      @Schema(description = "a template; what is not a text is one as JSON") @Nullable Object input,
      @Schema(enumeration = {"skip", "shift_forward", "end_of_gap"}) @Nullable String gap,
      @Schema(enumeration = {"first", "second", "both"}) @Nullable String overlap,
      @Schema(
              enumeration = {"fire_all", "fire_once", "skip"},
              defaultValue = "fire_once")
          @Nullable String misfire,
      @Schema(description = "how old a missed firing may be", defaultValue = "1d")
          @Nullable String catchUp,
      @Schema(minimum = "1", maximum = "1000", defaultValue = "100") @Nullable Integer maxCatchUp,
      @Schema(
              enumeration = {"allow", "skip", "buffer_one", "buffer_all", "cancel_other"},
              defaultValue = "allow")
          @Nullable String runOverlap,
      @Schema(description = "the flexible window, up to 1d", defaultValue = "0s")
          @Nullable String jitter,
      @Nullable Instant start,
      @Nullable Instant end,
      @Schema(description = "an attempt may not begin later than this after the run was due")
          @Nullable String maxAge,
      @Schema(minimum = "1", maximum = "100") @Nullable Integer maxAttempts,
      @Schema(description = "the waits between attempts, in place of max_attempts")
          @Nullable List<String> retry,
      @Schema(defaultValue = "false") @Nullable Boolean pauseOnFailure,
      @Schema(
              enumeration = {"keep", "delete"},
              defaultValue = "keep")
          @Nullable String afterLastRun,
      @Nullable List<LocalDate> excludedDates,
      @Schema(description = "names of calendars") @Nullable List<String> calendars,
      @Schema(
              description =
                  "the revision that is to be changed; 409 if it is another by now; not when it"
                      + " is made")
          @Nullable Long revision) {}

  /** Why a schedule is paused. */
  record PauseBody(@Schema(maxLength = 1000) @Nullable String reason) {}

  /** What a run now is handed in place of the schedule's own input. */
  record RunBody(
      @Schema(description = "a template; what is not a text is one as JSON")
          @Nullable Object input) {}

  /** Which nominal times are to be run: both ends are in it. */
  record BackfillBody(@Schema(required = true) Instant from, @Schema(required = true) Instant to) {}

  /** Times that are to be shown, though no schedule has them. */
  @JsonNaming(SnakeCaseStrategy.class)
  record PreviewBody(
      @Schema(required = true, examples = "cron(0 9 L * ? *)") String expression,
      @Nullable String zone,
      @Nullable String gap,
      @Nullable String overlap,
      @Nullable Instant start,
      @Nullable Instant end,
      @Nullable List<LocalDate> excludedDates,
      @Nullable List<String> calendars,
      @Schema(description = "those after this; now if it is left out") @Nullable Instant after,
      @Schema(minimum = "1", maximum = "1000", defaultValue = "10") @Nullable Integer count) {}
}
