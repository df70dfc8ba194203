package dev.carillon.schedule;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.postgres.EventRows;
import dev.carillon.retry.Backoff;
import dev.carillon.retry.RetryPolicy;
import dev.carillon.schedule.expression.Expression;
import dev.carillon.schedule.expression.Parsed;
import dev.carillon.time.GapPolicy;
import dev.carillon.time.Occurrence;
import dev.carillon.time.OverlapPolicy;
import java.sql.Array;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Schedules to and from rows. */
final class ScheduleRows {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ScheduleRows() {}

  static Schedule read(ResultSet row) throws SQLException {
    UUID id = row.getObject("id", UUID.class);
    try {
      return read(id, row);
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new UnreadableSchedule(id, e);
    }
  }

  private static Schedule read(UUID id, ResultSet row) throws SQLException {
    return new Schedule(
        id,
        new Definition(
            row.getString("grp"),
            row.getString("name"),
            row.getString("description"),
            texts(row.getArray("tags")),
            timing(row),
            policies(row),
            new TargetChoice(
                row.getString("target_kind"),
                object(row.getString("target")),
                row.getString("input"))),
        new Schedule.Standing(
            ScheduleState.valueOf(row.getString("state")),
            row.getString("state_reason"),
            EventRows.instant(row, "state_since")),
        row.getLong("revision"),
        EventRows.instant(row, "anchor_at"),
        EventRows.instant(row, "created_at"),
        EventRows.instant(row, "updated_at"));
  }

  static Due due(ResultSet row) throws SQLException {
    Instant next = EventRows.instantOrNull(row, "next_at");
    LocalDateTime local = row.getObject("next_local", LocalDateTime.class);
    ZoneId zone = ZoneId.of(row.getString("zone"));
    return new Due(
        row.getObject("schedule_id", UUID.class),
        next == null ? null : new Occurrence(local, zone, next, row.getString("tzdb_version")),
        EventRows.instant(row, "planned_up_to"),
        row.getObject("planned_local", LocalDateTime.class));
  }

  static Miss miss(ResultSet row) throws SQLException {
    return new Miss(
        row.getObject("schedule_id", UUID.class),
        EventRows.instant(row, "nominal_at"),
        row.getObject("nominal_local", LocalDateTime.class),
        row.getString("reason"),
        row.getLong("count"),
        EventRows.instant(row, "noted_at"));
  }

  static <S extends SqlStatement<S>> S bind(S statement, Schedule schedule) {
    Definition definition = schedule.definition();
    statement
        .bind("id", schedule.id())
        .bind("grp", definition.group())
        .bind("name", definition.name())
        .bind("description", definition.description())
        .bindArray("tags", String.class, definition.tags().toArray())
        .bind("target_kind", definition.target().kind())
        .bind("target", definition.target().settings().toString())
        .bind("input", definition.target().input())
        .bind("state", schedule.standing().state().name())
        .bind("state_reason", schedule.standing().reason())
        .bind("state_since", schedule.standing().since())
        .bind("anchor_at", schedule.anchor())
        .bind("revision", schedule.revision())
        .bind("created_at", schedule.createdAt())
        .bind("updated_at", schedule.updatedAt());
    bind(statement, definition.timing());
    bind(statement, definition.policies());
    return statement;
  }

  private static void bind(SqlStatement<?> statement, Timing timing) {
    statement
        .bind("expression", timing.expression().text())
        .bind("zone", timing.zone().getId())
        .bind("gap", timing.gap().name())
        .bind("overlap", timing.overlap().name())
        .bind("start_at", timing.startAt())
        .bind("end_at", timing.endAt())
        .bindArray("excluded_dates", String.class, texts(timing.excludedDates()))
        .bindArray("calendars", String.class, timing.calendars().toArray());
  }

  private static void bind(SqlStatement<?> statement, Policies policies) {
    Duration maxAge = policies.maxAge();
    RetryPolicy retry = policies.retry();
    statement
        .bind("misfire", policies.misfire().name())
        .bind("catch_up_seconds", policies.catchUpWindow().toSeconds())
        .bind("max_catch_up", policies.maxCatchUp())
        .bind("run_overlap", policies.runOverlap().name())
        .bind("jitter_seconds", (int) policies.jitter().toSeconds())
        .bind("max_age_seconds", maxAge == null ? null : maxAge.toSeconds())
        .bind("max_attempts", maxAttempts(retry))
        .bind("retry_seconds", retrySeconds(retry))
        .bind("pause_on_failure", policies.pauseOnFailure())
        .bind("after_last_run", policies.afterLastRun().name());
  }

  private static Timing timing(ResultSet row) throws SQLException {
    return new Timing(
        expression(row.getString("expression")),
        ZoneId.of(row.getString("zone")),
        GapPolicy.valueOf(row.getString("gap")),
        OverlapPolicy.valueOf(row.getString("overlap")),
        EventRows.instantOrNull(row, "start_at"),
        EventRows.instantOrNull(row, "end_at"),
        dates(row.getArray("excluded_dates")),
        texts(row.getArray("calendars")));
  }

  private static Policies policies(ResultSet row) throws SQLException {
    return new Policies(
        MisfirePolicy.valueOf(row.getString("misfire")),
        Duration.ofSeconds(row.getLong("catch_up_seconds")),
        row.getInt("max_catch_up"),
        RunOverlap.valueOf(row.getString("run_overlap")),
        Duration.ofSeconds(row.getInt("jitter_seconds")),
        seconds(row.getObject("max_age_seconds", Long.class)),
        retry(row.getObject("max_attempts", Integer.class), row.getArray("retry_seconds")),
        row.getBoolean("pause_on_failure"),
        AfterLastRun.valueOf(row.getString("after_last_run")));
  }

  static Set<LocalDate> dates(Array column) throws SQLException {
    return Arrays.stream((Date[]) column.getArray())
        .map(Date::toLocalDate)
        .collect(Collectors.toUnmodifiableSet());
  }

  static Object[] texts(Set<LocalDate> dates) {
    return dates.stream().sorted().map(LocalDate::toString).toArray();
  }

  private static List<String> texts(Array column) throws SQLException {
    return List.of((String[]) column.getArray());
  }

  private static @Nullable Duration seconds(@Nullable Long count) {
    return count == null ? null : Duration.ofSeconds(count);
  }

  private static @Nullable Integer maxAttempts(@Nullable RetryPolicy retry) {
    return retry == null || retry.backoff() instanceof Backoff.Listed ? null : retry.maxAttempts();
  }

  /** An array as PostgreSQL writes it; null if the waits are not listed. */
  private static @Nullable String retrySeconds(@Nullable RetryPolicy retry) {
    if (retry == null || !(retry.backoff() instanceof Backoff.Listed(List<Duration> waits))) {
      return null;
    }
    return waits.stream()
        .map(wait -> Long.toString(wait.toSeconds()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static @Nullable RetryPolicy retry(@Nullable Integer most, @Nullable Array waits)
      throws SQLException {
    if (waits != null) {
      Integer[] seconds = (Integer[]) waits.getArray();
      return RetryPolicy.listed(Stream.of(seconds).map(Duration::ofSeconds).toList());
    }
    return most == null ? null : RetryPolicy.DEFAULT.withMaxAttempts(most);
  }

  private static Expression expression(String text) {
    return switch (Expression.parse(text)) {
      case Parsed.Valid(Expression expression) -> expression;
      case Parsed.Invalid(String error, int column) ->
          throw new IllegalArgumentException("%s (column %d)".formatted(error, column));
    };
  }

  private static ObjectNode object(String text) {
    try {
      JsonNode node = MAPPER.readTree(text);
      if (node instanceof ObjectNode settings) {
        return settings;
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a target's settings cannot be read", e);
    }
    throw new IllegalArgumentException("a target's settings are a JSON object, not " + text);
  }
}
