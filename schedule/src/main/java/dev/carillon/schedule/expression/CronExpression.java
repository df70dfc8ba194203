package dev.carillon.schedule.expression;

import dev.carillon.time.GapPolicy;
import dev.carillon.time.LocalTimes;
import java.time.Instant;

/**
 * {@code cron(minutes hours day-of-month month day-of-week year)}: local times by EventBridge's six
 * fields (<a
 * href="https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based">
 * EventBridge Scheduler, cron-based schedules</a>). All six are needed; exactly one of day-of-month
 * and day-of-week is {@code ?}; 1 is Sunday; names may be in small letters; finer than a minute is
 * not possible.
 *
 * <p>{@code L} is a month's last day or, as a day of the week, Saturday; {@code LW} a month's last
 * day from Monday to Friday; {@code 15W} the one that is nearest to the 15th in the same month, and
 * none in a month without the day ({@code 31W} does not come in June); {@code FRIL} the last
 * Friday; {@code TUE#2} the second Tuesday. EventBridge's documents do not say whether these go
 * into a list, nor know {@code L-3}: both are errors here. {@link CronValues} says what ranges and
 * steps mean.
 */
public final class CronExpression implements Expression, LocalTimes {

  private static final int SECONDS_PER_MINUTE = 60;
  private static final int MINUTES_PER_DAY = 1440;

  /** From the end of the last year on there is nothing, in any zone. */
  private static final long END =
      Instant.parse((CronField.YEAR.most() + 1) + "-01-01T00:00:00Z").getEpochSecond();

  private final String text;
  private final CronTimes times;
  private final CronDates dates;

  CronExpression(String text, CronTimes times, CronDates dates) {
    this.text = text;
    this.times = times;
    this.dates = dates;
  }

  static CronExpression read(String text, Word body) throws Unreadable {
    return CronReader.read(text, body);
  }

  @Override
  public String text() {
    return text;
  }

  @Override
  public GapPolicy defaultGap() {
    return GapPolicy.SKIP;
  }

  @Override
  public Firing next(Context context, Instant after) {
    return context.next(this, after, "No later date up to the end of 2199 matches.");
  }

  @Override
  public long ceiling(long localSecond) {
    if (localSecond >= END) {
      return NONE;
    }
    long minute = Math.ceilDiv(Math.max(localSecond, 0), SECONDS_PER_MINUTE);
    long day = minute / MINUTES_PER_DAY;
    long date = dates.ceiling(day);
    if (date == day) {
      int time = times.ceiling((int) (minute % MINUTES_PER_DAY));
      if (time != CronTimes.NONE) {
        return second(date, time);
      }
      date = dates.ceiling(day + 1);
    }
    return date == CronDates.NONE ? NONE : second(date, times.first());
  }

  private static long second(long date, int time) {
    return (date * MINUTES_PER_DAY + time) * SECONDS_PER_MINUTE;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CronExpression cron && cron.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
