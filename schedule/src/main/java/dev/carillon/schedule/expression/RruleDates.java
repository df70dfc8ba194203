package dev.carillon.schedule.expression;

import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dmfs.rfc5545.recur.Freq;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRule.Part;
import org.dmfs.rfc5545.recur.RecurrenceRule.WeekdayNum;
import org.jspecify.annotations.Nullable;

/**
 * The dates of a rule of months or years, period by period, without {@code BYWEEKNO}. In the order
 * of RFC 7529, section 4: {@code BYMONTH}, {@code BYYEARDAY}, {@code BYMONTHDAY}, {@code SKIP},
 * {@code BYDAY}.
 */
final class RruleDates {

  private static final int MONTHS = 12;
  private static final int DAYS_PER_WEEK = 7;
  private static final int YEARS_PER_CYCLE = 400;

  private final RruleSkip skip;
  private final LocalDate first;
  private final boolean yearly;
  private final int interval;
  private final Set<Integer> months;
  private final @Nullable List<Integer> monthDays;
  private final Predicate<LocalDate> limit;

  RruleDates(RecurrenceRule rule, RruleSkip skip, LocalDate first) {
    this.skip = skip;
    this.first = first;
    this.yearly = rule.getFreq() == Freq.YEARLY;
    this.interval = rule.getInterval();
    boolean asStart =
        !rule.hasPart(Part.BYMONTHDAY)
            && !rule.hasPart(Part.BYYEARDAY)
            && !rule.hasPart(Part.BYDAY);
    this.monthDays = asStart ? List.of(first.getDayOfMonth()) : rule.getByPart(Part.BYMONTHDAY);
    this.months = months(rule, asStart && yearly);
    this.limit = isYearDay(rule.getByPart(Part.BYYEARDAY)).and(isDay(rule));
  }

  private Set<Integer> months(RecurrenceRule rule, boolean asStart) {
    if (rule.hasPart(Part.BYMONTH)) {
      // The library counts them from 0.
      return Set.copyOf(rule.getByPart(Part.BYMONTH).stream().map(month -> month + 1).toList());
    }
    return asStart
        ? Set.of(first.getMonthValue())
        : Set.copyOf(IntStream.rangeClosed(1, MONTHS).boxed().toList());
  }

  private static Predicate<LocalDate> isYearDay(@Nullable List<Integer> days) {
    return date ->
        days == null
            || days.contains(date.getDayOfYear())
            || days.contains(date.getDayOfYear() - date.lengthOfYear() - 1);
  }

  private Predicate<LocalDate> isDay(RecurrenceRule rule) {
    List<WeekdayNum> days = rule.getByDayPart();
    boolean inYear = yearly && !rule.hasPart(Part.BYMONTH);
    return date -> days == null || days.stream().anyMatch(day -> isDay(date, day, inYear));
  }

  /** Whether a date is a weekday, or the nth from the beginning or the end of its year or month. */
  private static boolean isDay(LocalDate date, WeekdayNum wanted, boolean inYear) {
    // MO is the beginning of MONDAY.
    if (!date.getDayOfWeek().name().startsWith(wanted.weekday.name())) {
      return false;
    }
    int day = inYear ? date.getDayOfYear() : date.getDayOfMonth();
    int length = inYear ? date.lengthOfYear() : date.lengthOfMonth();
    return wanted.pos == 0
        || wanted.pos == (day - 1) / DAYS_PER_WEEK + 1
        || wanted.pos == -((length - day) / DAYS_PER_WEEK + 1);
  }

  /** After how many periods weekdays and leap years are the same again, whatever the interval. */
  int periodsPerCycle() {
    return yearly ? YEARS_PER_CYCLE : YEARS_PER_CYCLE * MONTHS;
  }

  /** The number of the last period, from 0, that begins on a date or before it. */
  long period(LocalDate date) {
    long passed =
        yearly
            ? date.getYear() - first.getYear()
            : YearMonth.from(first).until(YearMonth.from(date), ChronoUnit.MONTHS);
    return Math.floorDiv(passed, interval);
  }

  /**
   * The dates of a period as days of the epoch, in order. The last may be the first date after the
   * period.
   */
  long[] in(long period) {
    YearMonth begin =
        yearly
            ? YearMonth.of(first.getYear(), 1).plusYears(period * interval)
            : YearMonth.from(first).plusMonths(period * interval);
    return IntStream.range(0, yearly ? MONTHS : 1)
        .mapToObj(begin::plusMonths)
        .filter(month -> months.contains(month.getMonthValue()))
        .flatMap(this::dates)
        .filter(limit)
        .mapToLong(LocalDate::toEpochDay)
        .sorted()
        .distinct()
        .toArray();
  }

  private Stream<LocalDate> dates(YearMonth month) {
    return monthDays == null
        ? month.atDay(1).datesUntil(month.plusMonths(1).atDay(1))
        : monthDays.stream().flatMap(day -> date(month, day).stream());
  }

  private Optional<LocalDate> date(YearMonth month, int day) {
    int fromStart = day > 0 ? day : month.lengthOfMonth() + 1 + day;
    return fromStart > 0 && month.isValidDay(fromStart)
        ? Optional.of(month.atDay(fromStart))
        : skip.moved(month);
  }
}
