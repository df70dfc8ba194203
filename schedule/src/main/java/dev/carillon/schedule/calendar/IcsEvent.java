package dev.carillon.schedule.calendar;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An event of an iCalendar text, as far as whole days are concerned.
 *
 * @param line where it begins
 * @param uid names the series that it belongs to; empty if it has no name
 * @param replaces which day of that series it takes the place of; null if it is the series itself
 * @param start its first day; null if it begins at a time of day
 * @param days how many days it takes
 * @param rule how it repeats, as {@code RRULE} says; null if it does not
 * @param more on which days it begins, too
 * @param except on which days it does not begin
 * @param cancelled whether it was called off
 */
record IcsEvent(
    int line,
    String uid,
    @Nullable LocalDate replaces,
    @Nullable LocalDate start,
    int days,
    @Nullable String rule,
    Set<LocalDate> more,
    Set<LocalDate> except,
    boolean cancelled) {

  private static final String COMPONENT = "VEVENT";
  private static final String BEGIN = "BEGIN";
  private static final String END = "END";

  /** A duration of days or weeks (RFC 5545, section 3.3.6). */
  private static final Pattern DURATION = Pattern.compile("\\+?P(\\d{1,3})([DW])");

  private static final int DAYS_OF_WEEK = 7;

  /** The last day that a date of four digits can say. */
  private static final LocalDate LAST_DAY = LocalDate.of(9999, 12, 31);

  /** The events among lines, without what is nested in them. */
  static List<IcsEvent> all(List<IcsLine> lines) {
    if (lines.isEmpty() || !lines.getFirst().is(BEGIN, "VCALENDAR")) {
      throw new IllegalArgumentException("an iCalendar text begins with BEGIN:VCALENDAR");
    }
    List<IcsEvent> events = new ArrayList<>();
    List<IcsLine> within = new ArrayList<>();
    int nested = 0;
    boolean isOpen = false;
    for (IcsLine line : lines) {
      if (!isOpen) {
        isOpen = line.is(BEGIN, COMPONENT);
        within.clear();
        within.add(line);
      } else if (nested == 0 && line.is(END, COMPONENT)) {
        events.add(of(within));
        isOpen = false;
      } else if (line.name().equals(BEGIN)) {
        nested++;
      } else if (line.name().equals(END)) {
        nested--;
      } else if (nested == 0) {
        within.add(line);
      }
    }
    if (isOpen || !lines.getLast().is(END, "VCALENDAR")) {
      throw new IllegalArgumentException("the iCalendar text ends before END:VCALENDAR");
    }
    return events;
  }

  private static IcsEvent of(List<IcsLine> lines) {
    String uid = "";
    LocalDate replaces = null;
    LocalDate start = null;
    LocalDate end = null;
    int days = 1;
    String rule = null;
    boolean cancelled = false;
    Set<LocalDate> more = new HashSet<>();
    Set<LocalDate> except = new HashSet<>();
    for (IcsLine line : lines) {
      switch (line.name()) {
        case "UID" -> uid = line.value();
        case "RECURRENCE-ID" -> replaces = date(line, line.value());
        case "DTSTART" -> start = date(line, line.value());
        case "DTEND" -> end = date(line, line.value());
        case "DURATION" -> days = days(line.value());
        case "RRULE" -> rule = line.value();
        case "RDATE" -> addDates(more, line);
        case "EXDATE" -> addDates(except, line);
        case "STATUS" -> cancelled = line.value().equalsIgnoreCase("CANCELLED");
        default -> {}
      }
    }
    if (start != null && end != null) {
      // The end is the first day after it (RFC 5545, section 3.6.1).
      days = Math.clamp(ChronoUnit.DAYS.between(start, end), 1, Integer.MAX_VALUE);
    }
    int first = lines.getFirst().number();
    if (days > IcsDates.MAX_DAYS) {
      throw new IllegalArgumentException(
          "line %d: the event has more than %d days".formatted(first, IcsDates.MAX_DAYS));
    }
    return new IcsEvent(
        first, uid, replaces, start, Math.max(1, days), rule, more, except, cancelled);
  }

  /**
   * The days that it takes from one of its starts on.
   *
   * @throws IllegalArgumentException if one of them is after the year 9999
   */
  Stream<LocalDate> from(LocalDate day) {
    if (ChronoUnit.DAYS.between(day, LAST_DAY) < days - 1) {
      throw new IllegalArgumentException(
          "line %d: the event has days after %s".formatted(line, LAST_DAY));
    }
    return day.datesUntil(day.plusDays(days));
  }

  private static void addDates(Set<LocalDate> dates, IcsLine line) {
    for (String text : line.value().split(",", -1)) {
      LocalDate date = date(line, text);
      if (date != null) {
        dates.add(date);
      }
    }
  }

  /** A date; null for a time of day. */
  private static @Nullable LocalDate date(IcsLine line, String text) {
    if (text.indexOf('T') >= 0) {
      return null;
    }
    LocalDate date;
    try {
      date = LocalDate.parse(text, DateTimeFormatter.BASIC_ISO_DATE);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "line %d: %s is no date such as 20271225".formatted(line.number(), line.name()), e);
    }
    if (date.getYear() < 1) {
      throw new IllegalArgumentException(
          "line %d: %s is not in the years 0001 to 9999".formatted(line.number(), line.name()));
    }
    return date;
  }

  private static int days(String text) {
    Matcher form = DURATION.matcher(text);
    if (!form.matches()) {
      return 1;
    }
    return Integer.parseInt(form.group(1)) * (form.group(2).equals("W") ? DAYS_OF_WEEK : 1);
  }
}
