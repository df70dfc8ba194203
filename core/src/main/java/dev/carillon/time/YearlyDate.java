package dev.carillon.time;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import java.time.MonthDay;
import java.time.Year;
import java.util.Optional;

/** A date that comes once a year, such as a birthday. */
public record YearlyDate(MonthDay monthDay, LeapDayPolicy leapDayPolicy) {

  /** The most years between two occurrences: 2096 to 2104, since 2100 is not a leap year. */
  public static final int MAX_YEARS_APART = 8;

  public YearlyDate {
    requireNonNull(monthDay, "monthDay is null");
    requireNonNull(leapDayPolicy, "leapDayPolicy is null");
  }

  /**
   * The date in a year, or empty where the policy says that the year has none. Always derived from
   * the month and day, never from another year's occurrence: 28 February does not stick.
   */
  public Optional<LocalDate> in(int year) {
    if (monthDay.isValidYear(year)) {
      return Optional.of(monthDay.atYear(year));
    }
    return switch (leapDayPolicy) {
      case FEB_28 -> Optional.of(LocalDate.of(year, 2, 28));
      case MAR_1 -> Optional.of(LocalDate.of(year, 3, 1));
      case LEAP_ONLY -> Optional.empty();
    };
  }

  /**
   * The first occurrence in the given year or later.
   *
   * @throws java.time.DateTimeException beyond the last year that dates support
   */
  public LocalDate from(int year) {
    for (int y = year; y <= Math.min(year + MAX_YEARS_APART, Year.MAX_VALUE); y++) {
      Optional<LocalDate> date = in(y);
      if (date.isPresent()) {
        return date.get();
      }
    }
    throw new java.time.DateTimeException("no " + monthDay + " from the year " + year);
  }
}
