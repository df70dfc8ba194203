package dev.carillon.schedule.expression;

/**
 * Which days of a month a {@code cron(...)} means. A month is given by the weekday of its first
 * day, 0 for Sunday, and by its length; the days are the bits 1 to 31.
 */
sealed interface CronDays {

  int DAYS_PER_WEEK = 7;

  /** The days in such a month. */
  int in(int firstWeekday, int length);

  /** The days whose bits are set: {@code 1,15}. */
  record OfMonth(int days) implements CronDays {

    @Override
    public int in(int firstWeekday, int length) {
      return days & upTo(length);
    }
  }

  /** The last day: {@code L}. */
  record Last() implements CronDays {

    @Override
    public int in(int firstWeekday, int length) {
      return 1 << length;
    }
  }

  /**
   * The day from Monday to Friday that is nearest to a day, in the same month: {@code 15W}. A month
   * without the day has none.
   */
  record NearestWorkday(int day) implements CronDays {

    @Override
    public int in(int firstWeekday, int length) {
      return day > length ? 0 : 1 << nearest(day, firstWeekday, length);
    }
  }

  /** The last day that is one from Monday to Friday: {@code LW}. */
  record LastWorkday() implements CronDays {

    @Override
    public int in(int firstWeekday, int length) {
      return 1 << nearest(length, firstWeekday, length);
    }
  }

  /** The weekdays whose bits are set, bit 0 for Sunday: {@code MON-FRI}. */
  record OfWeek(int weekdays) implements CronDays {

    @Override
    public int in(int firstWeekday, int length) {
      // The week as the month sees it, from its first day on, five times.
      long week =
          ((weekdays >> firstWeekday) | (weekdays << (DAYS_PER_WEEK - firstWeekday))) & 0x7F;
      long month = week | (week << 7) | (week << 14) | (week << 21) | (week << 28);
      return (int) (month << 1) & upTo(length);
    }
  }

  /** The last one of a weekday, 0 for Sunday: {@code FRIL}. */
  record LastOfWeek(int weekday) implements CronDays {

    @Override
    public int in(int firstWeekday, int length) {
      return 1 << (length - Math.floorMod(firstWeekday + length - 1 - weekday, DAYS_PER_WEEK));
    }
  }

  /** The nth one of a weekday, 0 for Sunday: {@code TUE#2}. Not every month has a fifth. */
  record NthOfWeek(int weekday, int nth) implements CronDays {

    @Override
    public int in(int firstWeekday, int length) {
      int first = 1 + Math.floorMod(weekday - firstWeekday, DAYS_PER_WEEK);
      int day = first + (nth - 1) * DAYS_PER_WEEK;
      return day > length ? 0 : 1 << day;
    }
  }

  private static int upTo(int length) {
    return (int) ((2L << length) - 2);
  }

  private static int nearest(int day, int firstWeekday, int length) {
    int weekday = (firstWeekday + day - 1) % DAYS_PER_WEEK;
    if (weekday == 6) {
      return day == 1 ? 3 : day - 1;
    }
    if (weekday == 0) {
      return day == length ? day - 2 : day + 1;
    }
    return day;
  }
}
