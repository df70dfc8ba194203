package dev.carillon.server.schedule;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.schedule.Calendars.Calendar;
import dev.carillon.schedule.Calendars.Feed;
import dev.carillon.schedule.Calendars.Listed;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A calendar as JSON.
 *
 * @param dates its dates, in order; not in a list of calendars
 * @param source where its dates come from: dates, ics or url
 * @param url where they are fetched from; only where they are
 * @param fetchedAt when they last were, with success
 * @param lastError why the last fetch failed; null if it did not
 * @param leftOut how many events of the iCalendar text were left out; only where it was read
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
record CalendarView(
    String name,
    @Nullable List<LocalDate> dates,
    int count,
    @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String source,
    Instant updatedAt,
    @Nullable String url,
    @Nullable Instant fetchedAt,
    @Nullable String lastError,
    @Nullable Integer leftOut) {

  static CalendarView of(Calendar calendar, @Nullable Integer leftOut) {
    Listed facts =
        new Listed(
            calendar.name(),
            calendar.dates().size(),
            calendar.source(),
            calendar.updatedAt(),
            calendar.feed());
    return of(facts, calendar.dates().stream().sorted().toList(), leftOut);
  }

  /** As a list shows it: without the dates. */
  static CalendarView listed(Listed calendar) {
    return of(calendar, null, null);
  }

  private static CalendarView of(
      Listed calendar, @Nullable List<LocalDate> dates, @Nullable Integer leftOut) {
    Feed feed = calendar.feed();
    return new CalendarView(
        calendar.name(),
        dates,
        calendar.count(),
        calendar.source(),
        calendar.updatedAt(),
        feed == null ? null : feed.url(),
        feed == null ? null : feed.fetchedAt(),
        feed == null ? null : feed.lastError(),
        leftOut);
  }
}
