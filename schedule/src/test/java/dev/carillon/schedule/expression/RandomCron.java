package dev.carillon.schedule.expression;

import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Random {@code cron(...)} texts, of numbers only, from a seed. */
final class RandomCron {

  private final Random random;

  RandomCron(long seed) {
    random = new Random(seed);
  }

  /** One that comes often: many times a day on most days. */
  String frequent() {
    String dates =
        switch (random.nextInt(4)) {
          case 0 -> "? * " + weekday() + " *";
          case 1 -> list(1, 31, true) + " * ? *";
          default -> "* * ? *";
        };
    return "cron(%s %s %s)".formatted(list(0, 59, true), list(0, 23, true), dates);
  }

  /** A minute that the clocks skip or repeat, or one shortly before or after those. */
  LocalTime near(ZoneOffsetTransition change) {
    int minutes = (int) change.getDuration().abs().toMinutes() + 60;
    return change
        .getDateTimeBefore()
        .toLocalTime()
        .plusMinutes(random.nextInt(-minutes, minutes))
        .truncatedTo(ChronoUnit.MINUTES);
  }

  /** Any, also one that comes once in many years or never. */
  String any() {
    String dayOfMonth =
        switch (random.nextInt(6)) {
          case 0 -> "L";
          case 1 -> "LW";
          case 2 -> (1 + random.nextInt(31)) + "W";
          default -> list(1, 31, true);
        };
    boolean byWeek = random.nextBoolean();
    return "cron(%s %s %s %s %s %s)"
        .formatted(
            list(0, 59, true),
            list(0, 23, true),
            byWeek ? "?" : dayOfMonth,
            list(1, 12, true),
            byWeek ? weekday() : "?",
            random.nextInt(3) > 0 ? "*" : list(1970, 2199, false));
  }

  private String weekday() {
    int day = 1 + random.nextInt(7);
    return switch (random.nextInt(6)) {
      case 0 -> "L";
      case 1 -> day + "L";
      case 2 -> day + "#" + (1 + random.nextInt(5));
      case 3 -> day + "-" + (1 + random.nextInt(7));
      default -> day + "," + (1 + random.nextInt(7));
    };
  }

  private String list(int least, int most, boolean wraps) {
    if (random.nextInt(4) == 0) {
      return "*";
    }
    return IntStream.rangeClosed(0, random.nextInt(3))
        .mapToObj(_ -> item(least, most, wraps))
        .collect(Collectors.joining(","));
  }

  private String item(int least, int most, boolean wraps) {
    int size = most - least + 1;
    int a = least + random.nextInt(size);
    int b = wraps ? least + random.nextInt(size) : a + random.nextInt(most - a + 1);
    int step = 1 + random.nextInt(size + 5);
    return switch (random.nextInt(6)) {
      case 0 -> a + "-" + b;
      case 1 -> a + "/" + step;
      case 2 -> "*/" + step;
      case 3 -> a + "-" + b + "/" + step;
      default -> String.valueOf(a);
    };
  }
}
