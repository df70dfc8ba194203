package dev.carillon.schedule.expression;

import static java.util.Objects.requireNonNullElse;

import dev.carillon.time.LocalTimes;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRule.Part;

/**
 * The local times of a rule of months or years: those of {@link RruleDates} at some times of day,
 * or the ones at some positions of each period. It is counted from the period that the rule's start
 * is in.
 *
 * <p>Not left to lib-recur, because its release 0.17.1 knows a {@code BYMONTHDAY} of years only in
 * the start's month, counts {@code BYSETPOS} from the start instead of the period's beginning,
 * breaks off at {@code BYYEARDAY=-366} with {@code BYDAY}, and moves 29 February by a month.
 *
 * <p>Serves one search: not for use by several threads.
 */
final class RrulePeriods implements LocalTimes {

  private static final int MAX_KNOWN = 16;
  private static final int SECONDS_PER_DAY = 86_400;
  private static final int SECONDS_PER_HOUR = 3_600;
  private static final int SECONDS_PER_MINUTE = 60;

  private final RruleDates dates;
  private final long first;
  private final int[] times;
  private final List<Integer> positions;
  private final Map<Long, long[]> known = new HashMap<>();

  RrulePeriods(RecurrenceRule rule, RruleSkip skip, LocalDateTime first) {
    this.dates = new RruleDates(rule, skip, first.toLocalDate());
    this.first = first.toEpochSecond(ZoneOffset.UTC);
    this.times = times(rule, first);
    this.positions = requireNonNullElse(rule.getByPart(Part.BYSETPOS), List.of());
  }

  private static int[] times(RecurrenceRule rule, LocalDateTime first) {
    List<Integer> minutes = part(rule, Part.BYMINUTE, first.getMinute());
    List<Integer> seconds = part(rule, Part.BYSECOND, first.getSecond());
    return part(rule, Part.BYHOUR, first.getHour()).stream()
        .flatMap(
            hour -> minutes.stream().map(m -> hour * SECONDS_PER_HOUR + m * SECONDS_PER_MINUTE))
        .flatMapToInt(minute ->
            seconds.stream()
                // No wall clock of Java shows a leap second.
                .filter(second -> second < SECONDS_PER_MINUTE)
                .mapToInt(second -> minute + second))
        .sorted()
        .distinct()
        .toArray();
  }

  private static List<Integer> part(RecurrenceRule rule, Part part, int byDefault) {
    return requireNonNullElse(rule.getByPart(part), List.of(byDefault));
  }

  @Override
  public long ceiling(long localSecond) {
    long from = Math.max(localSecond, first);
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(from, SECONDS_PER_DAY));
    // What is moved forward out of one period is among the next one's times.
    long period = Math.max(0, dates.period(date) - 1);
    for (int i = 0; i <= dates.periodsPerCycle() + 1; i++) {
      long found = ceiling(period + i, from);
      if (found != NONE) {
        return Math.min(found, ceiling(period + i + 1, from));
      }
    }
    return NONE;
  }

  private long ceiling(long period, long from) {
    long[] days = known(period);
    int size = days.length * times.length;
    if (positions.isEmpty()) {
      int index = index(days, from);
      return index < size ? at(days, index) : NONE;
    }
    return positions.stream()
        .mapToInt(position -> position > 0 ? position - 1 : size + position)
        .filter(index -> index >= 0 && index < size)
        .mapToLong(index -> at(days, index))
        .filter(time -> time >= from)
        .min()
        .orElse(NONE);
  }

  /** The dates of a period; times are asked for one after another, and so a few are kept. */
  private long[] known(long period) {
    if (known.size() > MAX_KNOWN) {
      known.clear();
    }
    return known.computeIfAbsent(period, dates::in);
  }

  /** The index of the first time that is not before a given one. */
  private int index(long[] days, long from) {
    int low = 0;
    int high = days.length * times.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (at(days, middle) < from) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private long at(long[] days, int index) {
    return days[index / times.length] * SECONDS_PER_DAY + times[index % times.length];
  }
}
