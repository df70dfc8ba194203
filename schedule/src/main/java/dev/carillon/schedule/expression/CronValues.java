package dev.carillon.schedule.expression;

import java.util.BitSet;
import java.util.List;

/**
 * Reads the values of one field of {@code cron(...)}: {@code *}, values, ranges, steps and lists.
 *
 * <p>A range whose end is before its beginning goes on at the field's beginning: {@code 22-2} in
 * hours is 22, 23, 0, 1 and 2, {@code NOV-FEB} four months, {@code FRI-MON} four days. A step
 * counts from the left value: {@code 5/20} is 5, 25 and 45, {@code 22-4/2} is 22, 0, 2 and 4; one
 * that is longer than what is left gives the left value alone. What EventBridge does not document
 * is an error rather than a guess: {@code *} within a list, a step without a left value, a step of
 * days of the week, a range of years that goes backwards.
 */
final class CronValues {

  private static final int MAX_STEP = 9999;

  private CronValues() {}

  /** Which values the field has: bit 0 is the least one that the field allows. */
  static BitSet read(CronField field, Word word) throws Unreadable {
    BitSet values = new BitSet(field.size());
    List<Word> items = word.split(',');
    for (Word item : items) {
      if (item.is("*") && items.size() > 1) {
        throw item.wrong("%s: * stands alone, not in a list.".formatted(field.label()));
      }
      add(field, item, values);
    }
    return values;
  }

  private static void add(CronField field, Word item, BitSet values) throws Unreadable {
    int slash = item.text().indexOf('/');
    Word left = slash < 0 ? item : item.part(0, slash);
    int step = slash < 0 ? 1 : step(field, item, slash);
    int dash = left.text().indexOf('-');
    if (left.is("*")) {
      span(values, field, 0, field.size() - 1, step);
    } else if (dash >= 0) {
      range(field, left, dash, step, values);
    } else {
      int first = field.value(left) - field.least();
      span(values, field, first, slash < 0 ? first : field.size() - 1, step);
    }
  }

  private static void range(CronField field, Word range, int dash, int step, BitSet values)
      throws Unreadable {
    int first = field.value(range.part(0, dash)) - field.least();
    int last = field.value(range.from(dash + 1)) - field.least();
    if (first > last && !field.wraps()) {
      throw range.wrong("%s: %s goes backwards.".formatted(field.label(), range.text()));
    }
    span(values, field, first, first > last ? last + field.size() : last, step);
  }

  private static void span(BitSet values, CronField field, int first, int last, int step) {
    for (int value = first; value <= last; value += step) {
      values.set(value % field.size());
    }
  }

  private static int step(CronField field, Word item, int slash) throws Unreadable {
    if (!field.hasSteps()) {
      throw item.from(slash)
          .wrong("%s: / is not allowed, but , - * ? L #.".formatted(field.label()));
    }
    Word step = item.from(slash + 1);
    if (!step.isNumber() || step.number() < 1 || step.number() > MAX_STEP) {
      throw step.wrong(
          "%s: a step is a whole number from 1 to %d.".formatted(field.label(), MAX_STEP));
    }
    return step.number();
  }
}
