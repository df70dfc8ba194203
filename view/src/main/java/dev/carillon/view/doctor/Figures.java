package dev.carillon.view.doctor;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Figures as people read them. */
final class Figures {

  private static final List<String> UNITS = List.of("B", "KB", "MB", "GB", "TB");
  private static final int STEP = 1024;
  private static final int PERCENT = 100;

  private Figures() {}

  /** As in {@code 1,234,567}. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** As in {@code 3 rows}. */
  static String count(long number, String noun) {
    return count(number) + " " + noun + (number == 1 ? "" : "s");
  }

  /** As in {@code 12.3 MB}. */
  static String bytes(long number) {
    double rest = number;
    int unit = 0;
    while (rest >= STEP && unit < UNITS.size() - 1) {
      rest /= STEP;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", rest, UNITS.get(unit));
  }

  /** As in {@code 3 days} or {@code 12 minutes}: the largest unit that is at least two. */
  static String age(Duration age) {
    if (age.toDays() >= 2) {
      return count(age.toDays(), "day");
    }
    if (age.toHours() >= 2) {
      return count(age.toHours(), "hour");
    }
    if (age.toMinutes() >= 2) {
      return count(age.toMinutes(), "minute");
    }
    return count(age.toSeconds(), "second");
  }

  /** As in {@code 25 %}. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", share * PERCENT);
  }

  /** As in {@code 0.8 s} or {@code 12 ms}. */
  static String millis(double millis) {
    Duration second = Duration.ofSeconds(1);
    return millis < second.toMillis()
        ? String.format(Locale.ROOT, "%.0f ms", millis)
        : String.format(Locale.ROOT, "%.1f s", millis / second.toMillis());
  }
}
