package dev.carillon.schedule.expression;

/**
 * The times of day of a {@code cron(...)}: every one of some minutes in every one of some hours.
 *
 * @param minutes bit 0 to 59
 * @param hours bit 0 to 23
 */
record CronTimes(long minutes, int hours) {

  static final int MINUTES_PER_HOUR = 60;
  static final int NONE = -1;

  CronTimes {
    if (minutes == 0 || hours == 0) {
      throw new IllegalArgumentException("at least one minute and one hour are needed");
    }
  }

  /**
   * The first time of day that is not before the given one, in minutes; {@link #NONE} if none is.
   */
  int ceiling(int minuteOfDay) {
    int hour = minuteOfDay / MINUTES_PER_HOUR;
    long left = minutes & (-1L << (minuteOfDay % MINUTES_PER_HOUR));
    if (((hours >> hour) & 1) != 0 && left != 0) {
      return hour * MINUTES_PER_HOUR + Long.numberOfTrailingZeros(left);
    }
    int later = hours & (-2 << hour);
    return later == 0 ? NONE : at(Integer.numberOfTrailingZeros(later));
  }

  /** The first time of any day, in minutes. */
  int first() {
    return at(Integer.numberOfTrailingZeros(hours));
  }

  private int at(int hour) {
    return hour * MINUTES_PER_HOUR + Long.numberOfTrailingZeros(minutes);
  }
}
