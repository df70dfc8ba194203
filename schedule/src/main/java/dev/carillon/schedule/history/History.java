package dev.carillon.schedule.history;

import static java.util.Objects.requireNonNull;

import dev.carillon.event.EventStatus;
import dev.carillon.postgres.EventOperations;
import dev.carillon.postgres.EventOperations.Details;
import dev.carillon.postgres.EventRows;
import dev.carillon.postgres.Statements;
import dev.carillon.schedule.Miss;
import dev.carillon.schedule.Misses;
import dev.carillon.schedule.RunOrder;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.history.HistoryPage.Cursor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * What came of the firings of schedules. Safe for use by many threads.
 *
 * @param jdbi runs the statements
 */
public record History(Jdbi jdbi) {

  /** The most entries of one page. */
  public static final int MAX_PAGE = EventOperations.MAX_PAGE;

  private static final double MICROS = 1e6;
  private static final Statements SQL = Statements.beside(History.class, "history.sql");

  public History {
    requireNonNull(jdbi, "jdbi is null");
  }

  /** Which entries to list. */
  public enum Which {
    /** All. */
    ALL,
    /** What was run, or is to be. */
    RUNS,
    /** What was not run. */
    MISSES
  }

  /**
   * A page of a schedule's history, the latest first.
   *
   * @param from where the page before ended
   * @param limit from 1 to {@link #MAX_PAGE}
   */
  public HistoryPage page(UUID schedule, Which which, Cursor from, int limit) {
    List<PastRun> runs =
        which == Which.MISSES ? List.of() : runs(schedule, null, from.run(), limit + 1);
    List<Miss> misses =
        which == Which.RUNS
            ? List.of()
            : jdbi.withHandle(handle -> Misses.list(handle, schedule, from.missAt(), limit + 1));
    return HistoryPage.merge(from, runs, misses, limit);
  }

  /**
   * The runs of a schedule, the one planned last in front.
   *
   * @param status only those in this state; null for all
   * @param before the last id of the page before; null for the first page
   */
  public List<PastRun> runs(
      UUID schedule, @Nullable EventStatus status, @Nullable UUID before, int limit) {
    EventOperations.Filter filter =
        new EventOperations.Filter(schedule, status, Schedule.EVENT_TYPE, null, null);
    List<Details> events = new EventOperations(jdbi).list(filter, before, limit);
    Map<UUID, Instant> starts = starts(events);
    return events.stream()
        .map(event ->
            new PastRun(RunOrder.read(event.event()), event, starts.get(event.event().id())))
        .toList();
  }

  /** How punctual the last {@link Punctuality#MAX_RUNS} runs were. */
  public Punctuality punctuality(UUID schedule) {
    return jdbi.withHandle(handle -> {
      long missed = Misses.count(handle, schedule);
      return handle
          .createQuery(SQL.get("punctuality"))
          .bind("schedule", schedule)
          .bind("event_type", Schedule.EVENT_TYPE)
          .bind("runs", Punctuality.MAX_RUNS)
          .map((row, _) ->
              new Punctuality(
                  row.getInt("runs"),
                  seconds(row, "p50"),
                  seconds(row, "p99"),
                  seconds(row, "max"),
                  missed))
          .one();
    });
  }

  /** How many firings of all schedules were noted as missed after an instant, and up to another. */
  public long missedBetween(Instant after, Instant until) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("missed_between"))
            .bind("after", after)
            .bind("until", until)
            .mapTo(Long.class)
            .one());
  }

  /** How many processes are there to perform anything. */
  public int processes() {
    return jdbi.withHandle(
        handle -> handle.createQuery(SQL.get("processes")).mapTo(Integer.class).one());
  }

  /** When a schedule is due next, also one that cannot be read; empty if it is not. */
  Optional<Instant> nextAt(UUID schedule) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("next_at"))
            .bind("schedule", schedule)
            .map((row, _) -> EventRows.instant(row, "next_at"))
            .findOne());
  }

  private Map<UUID, Instant> starts(List<Details> events) {
    Map<UUID, Instant> starts = new HashMap<>();
    events.stream()
        .map(each -> each.event().at().instant())
        .min(Instant::compareTo)
        .ifPresent(from ->
            jdbi.useHandle(handle ->
                handle
                    .createQuery(SQL.get("starts"))
                    .bindArray(
                        "ids", UUID.class, events.stream().map(each -> each.event().id()).toArray())
                    .bind("from", from)
                    .map((row, _) ->
                        Map.entry(
                            row.getObject("event_id", UUID.class),
                            EventRows.instant(row, "started_at")))
                    .forEach(entry -> starts.put(entry.getKey(), entry.getValue()))));
    return starts;
  }

  private static Duration seconds(ResultSet row, String column) throws SQLException {
    return Duration.ofNanos(Math.round(row.getDouble(column) * MICROS) * 1_000);
  }
}
