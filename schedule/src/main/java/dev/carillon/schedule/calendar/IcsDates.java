package dev.carillon.schedule.calendar;

import dev.carillon.schedule.Calendars;
import dev.carillon.schedule.expression.Context;
import dev.carillon.schedule.expression.Expression;
import dev.carillon.schedule.expression.Firing;
import dev.carillon.schedule.expression.Parsed;
import dev.carillon.schedule.expression.Walk;
import dev.carillon.time.TimeZones;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The dates that an iCalendar text (RFC 5545) lists as whole days: those of each {@code VEVENT}
 * whose {@code DTSTART} is a date, up to its {@code DTEND} or {@code DURATION}, again by its {@code
 * RRULE} and {@code RDATE}, without its {@code EXDATE}, and without the days that another event of
 * its {@code UID} takes the place of by its {@code RECURRENCE-ID}, be that one moved or cancelled.
 * A rule is followed for {@link #YEARS_AHEAD} years. Events that begin at a time of day, and
 * cancelled ones, are left out.
 *
 * @param dates the dates
 * @param leftOut how many events were left out
 */
public record IcsDates(SortedSet<LocalDate> dates, int leftOut) {

  /** For how many years from the present a rule is followed. */
  public static final int YEARS_AHEAD = 10;

  /** The longest event, in days. */
  public static final int MAX_DAYS = 366;

  /** The most work of one text: starts of events, days of events, and what its rules cost. */
  public static final int MAX_WORK = 100_000;

  /** What a rule costs beside its starts, in starts: it is read, and its end is looked for. */
  static final int RULE_WORK = 100;

  /** What a rule costs beside that has no start at all: it was looked for to the end of time. */
  static final int VAIN_WORK = 2_500;

  /** A rule's zone: whole days are the same in all. */
  private static final ZoneId UTC = ZoneId.of("UTC");

  public IcsDates {
    dates = Collections.unmodifiableSortedSet(new TreeSet<>(dates));
  }

  /**
   * Reads a text.
   *
   * @param now rules are followed from their beginning up to {@link #YEARS_AHEAD} years after it
   * @throws IllegalArgumentException if it is no iCalendar text, lists too many dates, or is more
   *     work than {@link #MAX_WORK}; the message names the line
   */
  public static IcsDates read(String text, Instant now) {
    LocalDate last = LocalDate.ofInstant(now, ZoneOffset.UTC).plusYears(YEARS_AHEAD);
    List<IcsEvent> events = IcsEvent.all(IcsLine.all(text));
    Reading reading = new Reading(last, replaced(events));
    int leftOut = 0;
    for (IcsEvent event : events) {
      if (event.start() == null || event.cancelled()) {
        leftOut++;
      } else {
        reading.add(event, event.start());
      }
    }
    return new IcsDates(reading.dates, leftOut);
  }

  /** Which days of each series other events take the place of. */
  private static Map<String, Set<LocalDate>> replaced(List<IcsEvent> events) {
    Map<String, Set<LocalDate>> days = new HashMap<>();
    for (IcsEvent event : events) {
      if (event.replaces() != null && !event.uid().isEmpty()) {
        days.computeIfAbsent(event.uid(), _ -> new HashSet<>()).add(event.replaces());
      }
    }
    return days;
  }

  /** The dates that were read so far, and what it cost. */
  private static final class Reading {

    private final NavigableSet<LocalDate> dates = new TreeSet<>();
    private final LocalDate last;
    private final Map<String, Set<LocalDate>> replaced;
    private int work;

    Reading(LocalDate last, Map<String, Set<LocalDate>> replaced) {
      this.last = last;
      this.replaced = replaced;
    }

    void add(IcsEvent event, LocalDate start) {
      Set<LocalDate> starts = new HashSet<>(event.more());
      starts.add(start);
      if (event.rule() != null) {
        starts.addAll(repeated(event, start, event.rule()));
      }
      starts.removeAll(event.except());
      if (event.replaces() == null) {
        starts.removeAll(replaced.getOrDefault(event.uid(), Set.of()));
      }
      spend(event, (1 + event.days()) * (long) starts.size());
      for (LocalDate day : starts) {
        event.from(day).forEach(dates::add);
      }
      if (dates.size() > Calendars.MAX_DATES) {
        throw new IllegalArgumentException(
            "line %d: with this event there are more than %d dates"
                .formatted(event.line(), Calendars.MAX_DATES));
      }
    }

    private Set<LocalDate> repeated(IcsEvent event, LocalDate start, String rule) {
      spend(event, RULE_WORK);
      Expression expression =
          switch (Expression.parse("rrule(" + rule + ")")) {
            case Parsed.Valid(Expression read) -> read;
            case Parsed.Invalid(String error, int _) ->
                throw new IllegalArgumentException(
                    "line %d: the event's RRULE cannot be read: %s".formatted(event.line(), error));
          };
      LocalDateTime first = start.atStartOfDay();
      Context context =
          Context.of(expression, TimeZones.ofJvm(), UTC)
              .countedFrom(first)
              .endingAt(last.atStartOfDay().toInstant(ZoneOffset.UTC));
      Set<LocalDate> found = new HashSet<>();
      Walk walk = expression.walk(context);
      Instant from = first.toInstant(ZoneOffset.UTC).minusSeconds(1);
      while (found.size() <= Calendars.MAX_DATES
          && walk.next(from) instanceof Firing.At(var occurrence)) {
        LocalDate date = occurrence.local().toLocalDate();
        found.add(date);
        spend(event, 1);
        // However often it comes on a day: the next one on another.
        from = date.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC).minusSeconds(1);
      }
      if (found.isEmpty()) {
        spend(event, VAIN_WORK);
      }
      return found;
    }

    private void spend(IcsEvent event, long cost) {
      if (cost > MAX_WORK - work) {
        throw new IllegalArgumentException(
            "line %d: with this event the text is more work than %d days, starts and rules"
                .formatted(event.line(), MAX_WORK));
      }
      work += (int) cost;
    }
  }
}
