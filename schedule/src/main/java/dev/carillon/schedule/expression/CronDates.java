package dev.carillon.schedule.expression;

import java.time.LocalDate;
import java.time.Year;
import java.util.BitSet;

/** The dates of a {@code cron(...)}: some days in some months of some years. */
final class CronDates {

  /** There is no such date. */
  static final long NONE = Long.MAX_VALUE;

  private static final int FEBRUARY = 2;
  private static final int EPOCH_WEEKDAY = 4;
  private static final long LAST_DAY = LocalDate.of(CronField.YEAR.most(), 12, 31).toEpochDay();

  private final CronDays days;
  private final int months;
  private final BitSet years;

  /**
   * Dates of days, months and years.
   *
   * @param months bit 0 for January
   * @param years bit 0 for 1970
   */
  CronDates(CronDays days, BitSet months, BitSet years) {
    this.days = days;
    this.years = years;
    int possible = 0;
    for (int bit = months.nextSetBit(0); bit >= 0; bit = months.nextSetBit(bit + 1)) {
      possible |= isPossible(bit + 1) ? 1 << (bit + 1) : 0;
    }
    this.months = possible;
  }

  /** Whether any year has such a day in the month: no year has a 31 June. */
  private boolean isPossible(int month) {
    for (int weekday = 0; weekday < CronDays.DAYS_PER_WEEK; weekday++) {
      if (days.in(weekday, length(true, month)) != 0) {
        return true;
      }
    }
    return false;
  }

  /** The first date that is not before the given one, as days of the epoch, or {@link #NONE}. */
  long ceiling(long epochDay) {
    if (months == 0 || epochDay > LAST_DAY) {
      return NONE;
    }
    LocalDate date = LocalDate.ofEpochDay(Math.max(epochDay, 0));
    int from = date.getYear() - CronField.YEAR.least();
    int bit = years.nextSetBit(from);
    if (bit == from) {
      long found = inYear(date.getYear(), date.getMonthValue(), date.getDayOfMonth());
      if (found != NONE) {
        return found;
      }
      bit = years.nextSetBit(from + 1);
    }
    for (; bit >= 0; bit = years.nextSetBit(bit + 1)) {
      long found = inYear(bit + CronField.YEAR.least(), 1, 1);
      if (found != NONE) {
        return found;
      }
    }
    return NONE;
  }

  private long inYear(int year, int fromMonth, int fromDay) {
    boolean leap = Year.isLeap(year);
    int left = months & (-1 << fromMonth);
    while (left != 0) {
      int month = Integer.numberOfTrailingZeros(left);
      long first = LocalDate.of(year, month, 1).toEpochDay();
      int weekday = (int) ((first + EPOCH_WEEKDAY) % CronDays.DAYS_PER_WEEK);
      int found =
          days.in(weekday, length(leap, month)) & (-1 << (month == fromMonth ? fromDay : 1));
      if (found != 0) {
        return first + Integer.numberOfTrailingZeros(found) - 1;
      }
      left &= left - 1;
    }
    return NONE;
  }

  private static int length(boolean leap, int month) {
    if (month == FEBRUARY) {
      return leap ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  }
}
