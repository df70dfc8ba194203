package dev.carillon.server.importing;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * The values of one of a crontab's fields.
 *
 * @param values which
 * @param low the least that is possible
 * @param high the greatest
 */
record FieldSet(BitSet values, int low, int high) {

  /** From how many values in a row on a range is written. */
  private static final int MIN_RANGE = 3;

  /**
   * A field's range and the names of its values.
   *
   * @param title for people
   * @param low the least value
   * @param high the greatest value
   * @param names of the values from {@code firstNamed} on; empty if they have none
   * @param firstNamed see {@code names}
   */
  record Kind(String title, int low, int high, List<String> names, int firstNamed) {

    static final Kind MINUTE = new Kind("minutes", 0, 59, List.of(), 0);
    static final Kind HOUR = new Kind("hours", 0, 23, List.of(), 0);
    static final Kind DAY = new Kind("days of the month", 1, 31, List.of(), 0);
    static final Kind MONTH =
        new Kind(
            "months",
            1,
            12,
            List.of(
                "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
            1);

    static Kind weekday(Dialect dialect) {
      return new Kind(
          "days of the week",
          0,
          dialect.lastWeekday(),
          List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"),
          0);
    }

    int value(String text) throws Unconvertible {
      int named = names.indexOf(text.toUpperCase(Locale.ROOT));
      if (named >= 0) {
        return named + firstNamed;
      }
      boolean isNumber = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
      int value = isNumber && text.length() <= 4 ? Integer.parseInt(text) : -1;
      if (value < low || value > high) {
        throw new Unconvertible(
            "'%s' is not one of the %s, which are from %d to %d".formatted(text, title, low, high));
      }
      return value;
    }
  }

  /** Reads a field: lists, ranges, steps and names. */
  static FieldSet read(String field, Kind kind, Dialect dialect) throws Unconvertible {
    BitSet values = new BitSet();
    for (String item : field.split(",", -1)) {
      add(values, item, kind, dialect);
    }
    return new FieldSet(values, kind.low(), kind.high());
  }

  private static void add(BitSet values, String item, Kind kind, Dialect dialect)
      throws Unconvertible {
    if (item.contains("~")) {
      throw new Unconvertible("'%s' is a random time: use jitter instead".formatted(item));
    }
    String[] parts = item.split("/", -1);
    if (parts.length > 2) {
      throw new Unconvertible("'%s' has two steps".formatted(item));
    }
    String range = parts[0];
    boolean isStar = range.equals("*") || (dialect.hasQuestionMark() && range.equals("?"));
    int dash = range.indexOf('-');
    boolean isNumber = !isStar && dash < 0;
    if (isNumber && parts.length == 2 && !dialect.stepsFromNumbers()) {
      throw new Unconvertible(
          "crons differ about '%s': write %s-%d/%s".formatted(item, range, kind.high(), parts[1]));
    }
    int from = isStar ? kind.low() : kind.value(dash < 0 ? range : range.substring(0, dash));
    int to = isStar || isNumber ? kind.high() : kind.value(range.substring(dash + 1));
    if (isNumber && parts.length == 1) {
      to = from;
    }
    if (from > to) {
      throw new Unconvertible("'%s' ends before it begins".formatted(item));
    }
    int step = parts.length == 2 ? step(parts[1], item) : 1;
    for (int value = from; value <= to; value += step) {
      values.set(value);
    }
  }

  private static int step(String text, String item) throws Unconvertible {
    if (!text.matches("[1-9]\\d{0,2}")) {
      throw new Unconvertible("the step of '%s' must be a number from 1".formatted(item));
    }
    return Integer.parseInt(text);
  }

  boolean isFull() {
    return values.cardinality() == high - low + 1;
  }

  /** Days of the week as EventBridge numbers them: from 1, which is Sunday. */
  FieldSet asWeekdays() {
    BitSet moved = new BitSet();
    values.stream().forEach(day -> moved.set(day % 7 + 1));
    return new FieldSet(moved, 1, 7);
  }

  /** The shortest way that EventBridge writes it. */
  String text() {
    if (isFull()) {
      return "*";
    }
    int[] each = values.stream().toArray();
    int step = each.length < MIN_RANGE ? 0 : each[1] - each[0];
    for (int i = 2; i < each.length; i++) {
      step = each[i] - each[i - 1] == step ? step : 0;
    }
    return step > 1 ? steps(each[0], each[each.length - 1], step) : ranges(each);
  }

  private String steps(int first, int last, int step) {
    if (last + step <= high) {
      return "%d-%d/%d".formatted(first, last, step);
    }
    return (first == low ? "*" : first) + "/" + step;
  }

  private static String ranges(int[] each) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < each.length; i++) {
      int end = i;
      while (end + 1 < each.length && each[end + 1] == each[end] + 1) {
        end++;
      }
      if (end - i + 1 >= MIN_RANGE) {
        texts.add(each[i] + "-" + each[end]);
        i = end;
      } else {
        texts.add(Integer.toString(each[i]));
      }
    }
    return String.join(",", texts);
  }
}
