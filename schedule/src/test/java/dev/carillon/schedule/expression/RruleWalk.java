package dev.carillon.schedule.expression;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The oracle: all instances of a rule of months or years by brute force, in the order of RFC 7529,
 * section 4: {@code BYMONTH}, {@code BYMONTHDAY}, {@code SKIP}, {@code BYDAY}, times of day, {@code
 * BYSETPOS}, and then {@code COUNT} and {@code UNTIL}. Knows no {@code BYWEEKNO} and {@code
 * BYYEARDAY}.
 */
final class RruleWalk {

  private static final List<String> WEEKDAYS = List.of("MO", "TU", "WE", "TH", "FR", "SA", "SU");
  private static final DateTimeFormatter UNTIL = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss");

  private final Map<String, String> parts;
  private final LocalDateTime start;
  private final boolean yearly;

  RruleWalk(String rule, LocalDateTime start) {
    this.parts =
        Arrays.stream(rule.split(";"))
            .map(part -> part.split("="))
            .collect(Collectors.toMap(part -> part[0], part -> part[1]));
    this.start = start;
    this.yearly = rule.contains("YEARLY");
  }

  /** The instances before a year. */
  List<LocalDateTime> instances(int endYear) {
    SortedSet<LocalDateTime> found = new TreeSet<>();
    YearMonth month = yearly ? YearMonth.of(start.getYear(), 1) : YearMonth.from(start);
    int interval = Integer.parseInt(parts.getOrDefault("INTERVAL", "1")) * (yearly ? 12 : 1);
    while (month.getYear() < endYear) {
      found.addAll(positioned(new ArrayList<>(times(dates(month)))));
      month = month.plusMonths(interval);
    }
    LocalDateTime last = LocalDate.of(endYear, 1, 1).atStartOfDay().minusSeconds(1);
    LocalDateTime until =
        parts.containsKey("UNTIL") ? LocalDateTime.parse(parts.get("UNTIL"), UNTIL) : last;
    return found.stream()
        .filter(time -> !time.isBefore(start))
        .limit(Integer.parseInt(parts.getOrDefault("COUNT", "1000000")))
        .filter(time -> !time.isAfter(until) && !time.isAfter(last))
        .toList();
  }

  private SortedSet<LocalDate> dates(YearMonth first) {
    SortedSet<LocalDate> dates = new TreeSet<>();
    for (YearMonth month : months(first)) {
      for (int day : days(month)) {
        int real = day < 0 ? month.lengthOfMonth() + day + 1 : day;
        if (real >= 1 && real <= month.lengthOfMonth()) {
          dates.add(month.atDay(real));
        } else if (parts.getOrDefault("SKIP", "OMIT").equals("FORWARD")) {
          dates.add(month.plusMonths(1).atDay(1));
        } else if (parts.getOrDefault("SKIP", "OMIT").equals("BACKWARD")) {
          dates.add(month.atEndOfMonth());
        }
      }
    }
    dates.removeIf(date -> parts.containsKey("BYDAY") && !isByDay(date));
    return dates;
  }

  private List<YearMonth> months(YearMonth first) {
    List<YearMonth> period =
        IntStream.range(0, yearly ? 12 : 1).mapToObj(first::plusMonths).toList();
    if (parts.containsKey("BYMONTH")) {
      List<Integer> months = numbers("BYMONTH");
      return period.stream().filter(month -> months.contains(month.getMonthValue())).toList();
    }
    boolean asStart = yearly && !parts.containsKey("BYMONTHDAY") && !parts.containsKey("BYDAY");
    return period.stream()
        .filter(month -> !asStart || month.getMonth() == start.getMonth())
        .toList();
  }

  private Collection<Integer> days(YearMonth month) {
    if (parts.containsKey("BYMONTHDAY")) {
      return numbers("BYMONTHDAY");
    }
    return parts.containsKey("BYDAY")
        ? IntStream.rangeClosed(1, month.lengthOfMonth()).boxed().toList()
        : List.of(start.getDayOfMonth());
  }

  private boolean isByDay(LocalDate date) {
    boolean inYear = yearly && !parts.containsKey("BYMONTH");
    int day = inYear ? date.getDayOfYear() : date.getDayOfMonth();
    int length = inYear ? date.lengthOfYear() : date.lengthOfMonth();
    String weekday = WEEKDAYS.get(date.getDayOfWeek().getValue() - 1);
    String fromStart = ((day - 1) / 7 + 1) + weekday;
    String fromEnd = "-" + ((length - day) / 7 + 1) + weekday;
    return Stream.of(parts.getOrDefault("BYDAY", "").split(","))
        .anyMatch(one -> one.equals(weekday) || one.equals(fromStart) || one.equals(fromEnd));
  }

  private SortedSet<LocalDateTime> times(Collection<LocalDate> dates) {
    SortedSet<LocalDateTime> times = new TreeSet<>();
    for (LocalDate date : dates) {
      for (int hour : numbers("BYHOUR", start.getHour())) {
        for (int minute : numbers("BYMINUTE", start.getMinute())) {
          for (int second : numbers("BYSECOND", start.getSecond())) {
            times.add(date.atTime(LocalTime.of(hour, minute, second)));
          }
        }
      }
    }
    return times;
  }

  private List<LocalDateTime> positioned(List<LocalDateTime> times) {
    if (!parts.containsKey("BYSETPOS")) {
      return times;
    }
    return numbers("BYSETPOS").stream()
        .map(position -> position > 0 ? position - 1 : times.size() + position)
        .filter(index -> index >= 0 && index < times.size())
        .map(times::get)
        .toList();
  }

  private List<Integer> numbers(String part, Integer... byDefault) {
    return parts.containsKey(part)
        ? Arrays.stream(parts.get(part).split(",")).map(Integer::valueOf).toList()
        : List.of(byDefault);
  }
}
