package dev.carillon.schedule.expression;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Random recurrence rules of all parts, from a seed. */
final class RandomRrule {

  private static final List<String> WEEKDAYS = List.of("MO", "TU", "WE", "TH", "FR", "SA", "SU");

  private final Random random;

  RandomRrule(long seed) {
    random = new Random(seed);
  }

  /** A rule of any frequency that RFC 5545 allows; few of these agree with any date for sure. */
  String any() {
    String freq =
        one("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "MONTHLY", "YEARLY");
    List<String> parts = new ArrayList<>(List.of("FREQ=" + freq));
    boolean yearly = freq.equals("YEARLY");
    boolean byWeek = yearly && sometimes(5);
    add(parts, 3, "INTERVAL=" + (1 + random.nextInt(sometimes(5) ? 10_000 : 20)));
    add(parts, 3, "BYMONTH=" + list(1, 12));
    add(parts, byWeek ? 1 : 1_000_000, byWeek ? "BYWEEKNO=" + signed(53) : "");
    if (yearly || "SECONDLY MINUTELY HOURLY".contains(freq)) {
      add(parts, 5, "BYYEARDAY=" + (sometimes(2) ? signed(366) : one("366", "-366", "60,61")));
    }
    if (!freq.equals("WEEKLY")) {
      add(parts, 3, "BYMONTHDAY=" + (sometimes(2) ? signed(31) : signed(28, 31)));
    }
    add(parts, 3, "BYDAY=" + weekdays(!byWeek && (yearly || freq.equals("MONTHLY"))));
    times(parts);
    if (parts.stream().anyMatch(part -> part.startsWith("BY"))) {
      add(parts, 3, "BYSETPOS=" + (sometimes(2) ? signed(366) : signed(3)));
    }
    add(parts, 4, "WKST=" + one("SU", "MO", "TH"));
    skip(parts, one("OMIT", "FORWARD", "BACKWARD"));
    ends(parts);
    return String.join(";", parts);
  }

  /** A rule of months or years whose days may be missing. */
  String ofMissingDays(String skip) {
    List<String> parts = new ArrayList<>(List.of("FREQ=" + one("MONTHLY", "YEARLY")));
    add(parts, 2, "INTERVAL=" + (1 + random.nextInt(sometimes(4) ? 50 : 5)));
    add(parts, 2, "BYMONTH=" + (sometimes(2) ? "2" : list(1, 12)));
    if (!sometimes(4)) {
      int days = 1 + random.nextInt(3);
      parts.add(
          IntStream.range(0, days)
              .mapToObj(_ -> String.valueOf(sometimes(3) ? -1 - random.nextInt(28) : day()))
              .collect(Collectors.joining(",", "BYMONTHDAY=", "")));
    }
    add(parts, 3, "BYDAY=" + weekdays(false));
    times(parts);
    if (parts.stream().anyMatch(part -> part.startsWith("BY"))) {
      add(parts, 3, "BYSETPOS=" + signed(sometimes(2) ? 3 : 12));
    }
    skip(parts, skip);
    ends(parts);
    return String.join(";", parts);
  }

  /** A rule of months or years of all parts that are not weeks or days of the year. */
  String ofMonths() {
    String freq = one("MONTHLY", "YEARLY");
    List<String> parts = new ArrayList<>(List.of("FREQ=" + freq));
    add(parts, 3, "INTERVAL=" + (1 + random.nextInt(6)));
    add(parts, 2, "BYMONTH=" + list(1, 12));
    add(parts, 3, "BYMONTHDAY=" + signed(31));
    add(parts, 2, "BYDAY=" + weekdays(true));
    times(parts);
    add(parts, parts.size() > 2 ? 3 : 1_000_000, "BYSETPOS=" + signed(sometimes(2) ? 3 : 30));
    ends(parts);
    return String.join(";", parts);
  }

  /** A start from 1990 to 2029, at a month's end more often than not. */
  LocalDateTime start() {
    LocalDateTime month =
        LocalDateTime.of(1990 + random.nextInt(40), 1 + random.nextInt(12), 1, 0, 0);
    int length = month.toLocalDate().lengthOfMonth();
    int day = sometimes(2) ? length : 1 + random.nextInt(length);
    return month.withDayOfMonth(day).plusSeconds(random.nextInt(86_400));
  }

  private int day() {
    return sometimes(2) ? 29 + random.nextInt(3) : 1 + random.nextInt(31);
  }

  private void times(List<String> parts) {
    add(parts, 4, "BYHOUR=" + list(0, 23));
    add(parts, 5, "BYMINUTE=" + list(0, 59));
    add(parts, 6, "BYSECOND=" + list(0, 59));
  }

  private void skip(List<String> parts, String skip) {
    if (sometimes(2)) {
      parts.addFirst("RSCALE=GREGORIAN");
    } else {
      parts.add("RSCALE=GREGORIAN");
    }
    parts.add("SKIP=" + skip);
  }

  private void ends(List<String> parts) {
    switch (random.nextInt(6)) {
      case 0 -> parts.add("COUNT=" + (1 + random.nextInt(30)));
      case 1 -> parts.add("UNTIL=20%d0630T120000".formatted(30 + random.nextInt(60)));
      default -> {}
    }
  }

  private String weekdays(boolean numbers) {
    return IntStream.rangeClosed(0, random.nextInt(4))
        .mapToObj(_ -> {
          int nth = numbers && sometimes(2) ? random.nextInt(-6, 7) : 0;
          return (nth == 0 ? "" : nth) + WEEKDAYS.get(random.nextInt(7));
        })
        .collect(Collectors.joining(","));
  }

  private String list(int least, int most) {
    return IntStream.rangeClosed(0, random.nextInt(3))
        .mapToObj(_ -> String.valueOf(random.nextInt(least, most + 1)))
        .collect(Collectors.joining(","));
  }

  /** Some of 1 to a number, and of -1 to minus the number. */
  private String signed(int most) {
    return signed(1, most);
  }

  private String signed(int least, int most) {
    return IntStream.rangeClosed(0, random.nextInt(3))
        .map(_ -> random.nextInt(least, most + 1))
        .mapToObj(value -> String.valueOf(sometimes(3) ? -value : value))
        .collect(Collectors.joining(","));
  }

  private void add(List<String> parts, int oneIn, String part) {
    if (sometimes(oneIn)) {
      parts.add(part);
    }
  }

  private boolean sometimes(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  private String one(String... values) {
    return values[random.nextInt(values.length)];
  }
}
