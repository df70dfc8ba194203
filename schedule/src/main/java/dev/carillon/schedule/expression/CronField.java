package dev.carillon.schedule.expression;

import java.util.Locale;

/**
 * One of the six fields of {@code cron(...)}: what it may hold, by the table in <a
 * href="https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based">
 * EventBridge Scheduler, cron-based schedules</a>.
 */
enum CronField {
  MINUTES("minutes", 0, 59, ""),
  HOURS("hours", 0, 23, ""),
  DAY_OF_MONTH("day-of-month", 1, 31, ""),
  MONTH("month", 1, 12, "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"),
  DAY_OF_WEEK("day-of-week", 1, 7, "SUNMONTUEWEDTHUFRISAT"),
  YEAR("year", 1970, 2199, "");

  private static final int NAME_LENGTH = 3;

  private final String label;
  private final int least;
  private final int most;
  private final String names;

  CronField(String label, int least, int most, String names) {
    this.label = label;
    this.least = least;
    this.most = most;
    this.names = names;
  }

  String label() {
    return label;
  }

  int least() {
    return least;
  }

  int most() {
    return most;
  }

  /** How many values there are. */
  int size() {
    return most - least + 1;
  }

  /** Whether a step is allowed: EventBridge has none for days of the week. */
  boolean hasSteps() {
    return this != DAY_OF_WEEK;
  }

  /** Whether a range may go on at the beginning: years do not come again. */
  boolean wraps() {
    return this != YEAR;
  }

  /** What a value may be, for people. */
  String allowed() {
    String numbers = "%d-%d".formatted(least, most);
    return names.isEmpty()
        ? numbers
        : "%s or %s-%s"
            .formatted(
                numbers,
                names.substring(0, NAME_LENGTH),
                names.substring(names.length() - NAME_LENGTH));
  }

  /** A leading zero is allowed, as in 07, but not in years. */
  private int digits() {
    return this == YEAR ? 4 : 2;
  }

  /** A number or a name; names in large or small letters. */
  int value(Word word) throws Unreadable {
    if (word.isNumber() && word.text().length() <= digits()) {
      int value = word.number();
      if (value >= least && value <= most) {
        return value;
      }
    }
    int name = names.indexOf(word.text().toUpperCase(Locale.ROOT));
    if (word.text().length() == NAME_LENGTH && name >= 0 && name % NAME_LENGTH == 0) {
      return least + name / NAME_LENGTH;
    }
    String what = word.isEmpty() ? "a value is missing" : word.text() + " is not allowed";
    throw word.wrong("%s: %s, but %s.".formatted(label, what, allowed()));
  }
}
