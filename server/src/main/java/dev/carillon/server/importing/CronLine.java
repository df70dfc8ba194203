package dev.carillon.server.importing;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * When a crontab's line or a CronJob runs, as an expression.
 *
 * @param expression EventBridge's
 * @param isWild whether its minute or its hour begins with {@code *}: then it goes by elapsed time
 *     where the clocks change, else by the wall clock
 */
record CronLine(String expression, boolean isWild) {

  /** How many fields there are. */
  static final int FIELDS = 5;

  private static final String EVERY = "@every ";

  private static final Map<String, CronLine> WORDS =
      Map.of(
          "@yearly", new CronLine("cron(0 0 1 1 ? *)", false),
          "@annually", new CronLine("cron(0 0 1 1 ? *)", false),
          "@monthly", new CronLine("cron(0 0 1 * ? *)", false),
          "@weekly", new CronLine("cron(0 0 ? * 1 *)", false),
          "@daily", new CronLine("cron(0 0 * * ? *)", false),
          "@midnight", new CronLine("cron(0 0 * * ? *)", false),
          "@hourly", new CronLine("cron(0 * * * ? *)", true),
          "@every_minute", new CronLine("cron(* * * * ? *)", true));

  /** Reads five fields, or a word that stands for them. */
  static CronLine read(String text, Dialect dialect) throws Unconvertible {
    if (text.startsWith("@")) {
      return word(text, dialect);
    }
    String[] fields = text.strip().split("[ \\t]+", -1);
    if (fields.length != FIELDS) {
      throw new Unconvertible(
          "'%s' has %d fields: minute, hour, day of month, month and day of week are needed"
              .formatted(text, fields.length));
    }
    FieldSet minutes = FieldSet.read(fields[0], FieldSet.Kind.MINUTE, dialect);
    FieldSet hours = FieldSet.read(fields[1], FieldSet.Kind.HOUR, dialect);
    FieldSet months = FieldSet.read(fields[3], FieldSet.Kind.MONTH, dialect);
    String[] days = days(fields[2], fields[4], dialect);
    String expression =
        "cron(%s %s %s %s %s *)"
            .formatted(minutes.text(), hours.text(), days[0], months.text(), days[1]);
    return new CronLine(
        expression, Arrays.stream(fields).limit(2).anyMatch(field -> field.startsWith("*")));
  }

  /**
   * Days of month and of week. Where both are restricted, cron means either, and EventBridge has no
   * words for that: two schedules would run twice on a day that is both.
   */
  private static String[] days(String ofMonth, String ofWeek, Dialect dialect)
      throws Unconvertible {
    FieldSet days = FieldSet.read(ofMonth, FieldSet.Kind.DAY, dialect);
    FieldSet weekdays = FieldSet.read(ofWeek, FieldSet.Kind.weekday(dialect), dialect).asWeekdays();
    boolean areBoth = dialect.isStar(ofMonth) || dialect.isStar(ofWeek);
    if (areBoth && days.isFull()) {
      return weekdays.isFull() ? new String[] {"*", "?"} : new String[] {"?", weekdays.text()};
    }
    if (areBoth && weekdays.isFull()) {
      return new String[] {days.text(), "?"};
    }
    if (areBoth) {
      throw new Unconvertible(
          "it runs on days that are both '%s' of the month and '%s' of the week: that has no cron()"
              .formatted(ofMonth, ofWeek));
    }
    if (days.isFull() || weekdays.isFull()) {
      return new String[] {"*", "?"};
    }
    throw new Unconvertible(
        "it runs on days that are '%s' of the month or '%s' of the week: make two schedules, with %s ? and ? %s, and mind the days that are both"
            .formatted(ofMonth, ofWeek, days.text(), weekdays.text()));
  }

  private static CronLine word(String text, Dialect dialect) throws Unconvertible {
    String word = text.strip().toLowerCase(Locale.ROOT);
    if (dialect == Dialect.KUBERNETES && word.startsWith(EVERY)) {
      return new CronLine(rate(word.substring(EVERY.length()).strip()), true);
    }
    if (word.equals("@reboot")) {
      throw new Unconvertible("@reboot is no time");
    }
    CronLine line = WORDS.get(word);
    if (line == null) {
      throw new Unconvertible("%s is not known".formatted(text));
    }
    return line;
  }

  private static String rate(String duration) throws Unconvertible {
    try {
      long seconds = Duration.parse("PT" + duration).toSeconds();
      if (seconds > 0) {
        return rate(seconds);
      }
    } catch (DateTimeParseException | ArithmeticException e) {
      // Told below.
    }
    throw new Unconvertible(
        "@every %s is no duration of at least a second, such as 1h30m".formatted(duration));
  }

  private static String rate(long seconds) {
    if (seconds % 3_600 == 0) {
      return rate(seconds / 3_600, "hour");
    }
    return seconds % 60 == 0 ? rate(seconds / 60, "minute") : rate(seconds, "second");
  }

  private static String rate(long count, String unit) {
    return "rate(%d %s%s)".formatted(count, unit, count == 1 ? "" : "s");
  }
}
