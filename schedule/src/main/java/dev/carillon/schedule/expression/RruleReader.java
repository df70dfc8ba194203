package dev.carillon.schedule.expression;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.dmfs.rfc5545.Weekday;
import org.dmfs.rfc5545.recur.Freq;
import org.dmfs.rfc5545.recur.InvalidRecurrenceRuleException;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRule.Part;
import org.dmfs.rfc5545.recur.RecurrenceRule.RfcMode;
import org.jspecify.annotations.Nullable;

/** Reads the rule within {@code rrule(...)}. */
final class RruleReader {

  /** The last day from a month's end that every month has. */
  private static final int LAST_FROM_END = -28;

  private static final int LONGEST_MONTH = 31;
  private static final int LONGEST_YEAR = 366;
  private static final int SECONDS_PER_MINUTE = 60;
  private static final Set<String> DATE_PARTS =
      Set.of("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYDAY");

  /** What the library does not see: it has RFC 7529 wrong where a month lacks a day. */
  private static final Set<String> SCALE = Set.of("RSCALE", "SKIP");

  private static final Set<String> ENDS = Set.of("COUNT", "UNTIL");

  private RruleReader() {}

  /**
   * Reads a rule that was found good before.
   *
   * @throws IllegalArgumentException if it is not good
   */
  static RecurrenceRule rule(String text) {
    try {
      return parsed(text);
    } catch (InvalidRecurrenceRuleException e) {
      throw new IllegalArgumentException("not a rule: " + text, e);
    }
  }

  static RruleExpression read(String text, Word body) throws Unreadable {
    RruleParts parts = RruleParts.read(body);
    RruleUntil until = until(parts.find("UNTIL"));
    RruleSkip skip = skip(parts.find("RSCALE"), parts.find("SKIP"));
    RruleParts known = parts.without(SCALE);
    RecurrenceRule rule = check(body, known);
    requireLimits(rule, parts);
    requirePositions(rule, parts);
    String kept = known.without(ENDS).text();
    return new RruleExpression(text, kept, rule.getCount(), until, effective(skip, rule, parts));
  }

  private static RruleUntil until(@Nullable Word part) throws Unreadable {
    return part == null
        ? RruleUntil.NONE
        : RruleUntil.read(RruleParts.value(part))
            .orElseThrow(() -> part.wrong("UNTIL is a date or a time such as 20261231T090000Z."));
  }

  private static RruleSkip skip(@Nullable Word scale, @Nullable Word skip) throws Unreadable {
    if (scale != null && !RruleParts.value(scale).equals("GREGORIAN")) {
      throw scale.wrong("No other calendar is supported than RSCALE=GREGORIAN.");
    }
    if (skip == null) {
      return RruleSkip.OMIT;
    }
    if (scale == null) {
      throw skip.wrong("SKIP needs RSCALE=GREGORIAN beside it.");
    }
    return Arrays.stream(RruleSkip.values())
        .filter(value -> value.name().equals(RruleParts.value(skip)))
        .findFirst()
        .orElseThrow(() -> skip.wrong("SKIP is one of OMIT, FORWARD and BACKWARD."));
  }

  private static RecurrenceRule check(Word body, RruleParts parts) throws Unreadable {
    try {
      return parsed(parts.text());
    } catch (InvalidRecurrenceRuleException | IllegalArgumentException e) {
      Word culprit =
          parts.all().stream().filter(part -> !isGood(part, parts)).findFirst().orElse(body);
      throw culprit.wrong("This is not a rule of RFC 5545: " + reason(e));
    }
  }

  private static void requireLimits(RecurrenceRule rule, RruleParts parts) throws Unreadable {
    Integer count = rule.getCount();
    requireThat(
        count == null || count <= RruleExpression.MAX_COUNT,
        parts.find("COUNT"),
        "COUNT is from 1 to %d.".formatted(RruleExpression.MAX_COUNT));
    requireThat(
        rule.getInterval() <= RruleExpression.MAX_INTERVAL,
        parts.find("INTERVAL"),
        "INTERVAL is from 1 to %d.".formatted(RruleExpression.MAX_INTERVAL));
  }

  /** Refuses a rule that would be searched for a position that none of its periods has. */
  private static void requirePositions(RecurrenceRule rule, RruleParts parts) throws Unreadable {
    List<Integer> positions = rule.getByPart(Part.BYSETPOS);
    long most = mostTimes(rule);
    requireThat(
        positions == null || positions.stream().anyMatch(position -> Math.abs(position) <= most),
        parts.find("BYSETPOS"),
        "A period of this rule has at most %d times: BYSETPOS is from -%d to %d."
            .formatted(most, most, most));
  }

  /** How many times a period has at most. */
  private static long mostTimes(RecurrenceRule rule) {
    long seconds = values(rule, Part.BYSECOND);
    long minutes = seconds * values(rule, Part.BYMINUTE);
    long hours = minutes * values(rule, Part.BYHOUR);
    return switch (rule.getFreq()) {
      case SECONDLY -> 1;
      case MINUTELY -> seconds;
      case HOURLY -> minutes;
      case DAILY -> hours;
      case WEEKLY -> hours * (rule.hasPart(Part.BYDAY) ? Set.copyOf(weekdays(rule)).size() : 1);
      case MONTHLY -> hours * LONGEST_MONTH;
      case YEARLY -> hours * LONGEST_YEAR;
    };
  }

  private static List<Weekday> weekdays(RecurrenceRule rule) {
    return rule.getByDayPart().stream().map(day -> day.weekday).toList();
  }

  private static long values(RecurrenceRule rule, Part part) {
    return rule.hasPart(part)
        ? rule.getByPart(part).stream()
            .filter(value -> value < SECONDS_PER_MINUTE)
            .distinct()
            .count()
        : 1;
  }

  /**
   * What {@code SKIP} does to a rule. Only one of months or years makes days that a month may not
   * have, and of those not one that has its days from {@code BYDAY} alone.
   */
  private static RruleSkip effective(RruleSkip skip, RecurrenceRule rule, RruleParts parts)
      throws Unreadable {
    if (skip == RruleSkip.OMIT || period(rule.getFreq()) != 0) {
      return RruleSkip.OMIT;
    }
    requireThat(!rule.hasPart(Part.BYWEEKNO), parts.find("BYWEEKNO"), notWithSkip("BYWEEKNO"));
    requireThat(!rule.hasPart(Part.BYYEARDAY), parts.find("BYYEARDAY"), notWithSkip("BYYEARDAY"));
    if (!rule.hasPart(Part.BYMONTHDAY)) {
      return rule.hasPart(Part.BYDAY) ? RruleSkip.OMIT : skip;
    }
    requireThat(
        rule.getByPart(Part.BYMONTHDAY).stream().allMatch(day -> day >= LAST_FROM_END),
        parts.find("BYMONTHDAY"),
        notWithSkip("A BYMONTHDAY before %d".formatted(LAST_FROM_END)));
    requireThat(
        !rule.hasPart(Part.BYDAY) || rule.getByDayPart().stream().allMatch(day -> day.pos == 0),
        parts.find("BYDAY"),
        notWithSkip("BYDAY with a number, beside BYMONTHDAY,"));
    return skip;
  }

  private static String notWithSkip(String what) {
    return what + " is not supported with SKIP=FORWARD and SKIP=BACKWARD.";
  }

  private static void requireThat(boolean good, @Nullable Word part, String message)
      throws Unreadable {
    if (!good && part != null) {
      throw part.wrong(message);
    }
  }

  /** Whether a part is good beside what another means: how often. */
  private static boolean isGood(Word part, RruleParts parts) {
    try {
      parsed(parts.only(List.of("FREQ", RruleParts.name(part))).text());
      return true;
    } catch (InvalidRecurrenceRuleException | IllegalArgumentException e) {
      return false;
    }
  }

  private static RecurrenceRule parsed(String rule) throws InvalidRecurrenceRuleException {
    return new RecurrenceRule(rule, RfcMode.RFC5545_STRICT);
  }

  private static String reason(Exception e) {
    String message = String.valueOf(e.getMessage());
    return message.endsWith(".") ? message : message + ".";
  }

  /**
   * The daily rule that has all dates of a rule of hours, minutes or seconds; null if any date may
   * be, or for other rules.
   */
  static @Nullable RecurrenceRule dates(RecurrenceRule rule) {
    if (period(rule.getFreq()) >= period(Freq.DAILY) || period(rule.getFreq()) == 0) {
      return null;
    }
    String parts =
        Arrays.stream(rule.toString().split(";"))
            .filter(part -> DATE_PARTS.contains(part.substring(0, part.indexOf('='))))
            .collect(Collectors.joining(";"));
    return parts.contains("BY") ? lax("FREQ=DAILY;" + parts) : null;
  }

  // The strict reading has no days of the year in a daily rule.
  private static RecurrenceRule lax(String rule) {
    try {
      return new RecurrenceRule(rule, RfcMode.RFC5545_LAX);
    } catch (InvalidRecurrenceRuleException e) {
      throw new IllegalArgumentException("not a rule: " + rule, e);
    }
  }

  /** Whether {@link RruleDates} has the dates of a rule; lib-recur has those of the others. */
  static boolean isOfDates(RecurrenceRule rule) {
    return period(rule.getFreq()) == 0 && !rule.hasPart(Part.BYWEEKNO);
  }

  /** How long one period of a rule is at most, in seconds; 0 where that differs. */
  static long period(Freq freq) {
    return switch (freq) {
      case SECONDLY -> 1;
      case MINUTELY -> 60;
      case HOURLY -> 3_600;
      case DAILY -> 86_400;
      case WEEKLY -> 7 * 86_400;
      case MONTHLY, YEARLY -> 0;
    };
  }
}
