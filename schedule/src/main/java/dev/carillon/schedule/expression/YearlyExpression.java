package dev.carillon.schedule.expression;

import static java.util.Objects.requireNonNull;

import dev.carillon.time.GapPolicy;
import dev.carillon.time.LeapDayPolicy;
import dev.carillon.time.LocalTimes;
import dev.carillon.time.YearlyDate;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * {@code yearly(MM-DD HH:mm)}: once a year. {@code yearly(02-29 09:00)} comes on 28 February where
 * there is no 29th, unless a third word says otherwise: {@code yearly(02-29 09:00 MAR_1)}.
 *
 * @param text the expression as it was written
 * @param date the day of the year
 * @param time the time of day
 */
public record YearlyExpression(String text, YearlyDate date, LocalTime time) implements Expression {

  private static final String NEEDED =
      "yearly(MM-DD HH:mm) needs a month and a day and a time, as in yearly(12-24 18:00).";
  private static final Pattern DATE = Pattern.compile("[0-9]{2}-[0-9]{2}");
  private static final Pattern TIME = Pattern.compile("[0-9]{2}:[0-9]{2}");

  public YearlyExpression {
    requireNonNull(text, "text is null");
    requireNonNull(date, "date is null");
    requireNonNull(time, "time is null");
  }

  static YearlyExpression read(String text, Word body) throws Unreadable {
    List<Word> words = body.fields();
    if (words.size() < 2 || words.size() > 3) {
      throw (words.size() > 3 ? words.get(3) : body).wrong(NEEDED);
    }
    MonthDay day = day(words.getFirst());
    LocalTime time = time(words.get(1));
    LeapDayPolicy leap = words.size() == 3 ? leap(words.get(2)) : LeapDayPolicy.FEB_28;
    return new YearlyExpression(text, new YearlyDate(day, leap), time);
  }

  private static MonthDay day(Word word) throws Unreadable {
    if (!DATE.matcher(word.text()).matches()) {
      throw word.wrong(NEEDED);
    }
    try {
      return MonthDay.parse("--" + word.text());
    } catch (DateTimeException e) {
      throw word.wrong("No year has this day: 01-01 to 12-31 are allowed.");
    }
  }

  private static LocalTime time(Word word) throws Unreadable {
    if (!TIME.matcher(word.text()).matches()) {
      throw word.wrong(NEEDED);
    }
    try {
      return LocalTime.parse(word.text());
    } catch (DateTimeException e) {
      throw word.wrong("No day has this time: 00:00 to 23:59 are allowed.");
    }
  }

  private static LeapDayPolicy leap(Word word) throws Unreadable {
    return Arrays.stream(LeapDayPolicy.values())
        .filter(policy -> word.is(policy.name()))
        .findFirst()
        .orElseThrow(() -> word.wrong("The third word is one of FEB_28, MAR_1 and LEAP_ONLY."));
  }

  @Override
  public GapPolicy defaultGap() {
    return GapPolicy.SHIFT_FORWARD;
  }

  @Override
  public Firing next(Context context, Instant after) {
    return context.next(this::ceiling, after, "No year that is left has this day.");
  }

  private long ceiling(long localSecond) {
    LocalDateTime from = LocalDateTime.ofEpochSecond(localSecond, 0, ZoneOffset.UTC);
    if (from.getYear() > LocalDate.ofInstant(Context.LAST, ZoneOffset.UTC).getYear()) {
      return LocalTimes.NONE;
    }
    LocalDateTime next = date.from(from.getYear()).atTime(time);
    if (next.isBefore(from)) {
      next = date.from(from.getYear() + 1).atTime(time);
    }
    return next.toEpochSecond(ZoneOffset.UTC);
  }
}
