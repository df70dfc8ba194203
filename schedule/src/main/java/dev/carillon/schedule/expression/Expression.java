package dev.carillon.schedule.expression;

import dev.carillon.time.GapPolicy;
import dev.carillon.time.OverlapPolicy;
import java.time.Instant;

/**
 * A rule for when a schedule fires, as someone wrote it: {@code rate(...)}, {@code cron(...)},
 * {@code at(...)}, {@code yearly(...)} or {@code rrule(...)}. Two are equal if their texts are.
 */
public sealed interface Expression
    permits AtExpression, CronExpression, RateExpression, RruleExpression, YearlyExpression {

  /** The longest expression, in characters: the limit of EventBridge. */
  int MAX_LENGTH = 256;

  /** The longest {@code rrule(...)}, in characters. */
  int MAX_RRULE_LENGTH = 1024;

  /** The expression as it was written. */
  String text();

  /**
   * What the expression does in a gap unless someone says otherwise. EventBridge skips what its
   * cron expressions would do then, as RFC 5545, section 3.3.10, does with recurrences; a time that
   * comes once, or once a year, is rather moved than lost.
   */
  GapPolicy defaultGap();

  /** What the expression does in an overlap unless someone says otherwise: the first instant. */
  default OverlapPolicy defaultOverlap() {
    return OverlapPolicy.FIRST;
  }

  /**
   * When the expression comes next, strictly after an instant. Bounded: it never searches for
   * seconds. The firings of an expression are those that come of asking again with each answer.
   */
  Firing next(Context context, Instant after);

  /** The same for whoever asks again and again. */
  default Walk walk(Context context) {
    return after -> next(context, after);
  }

  /** Reads an expression. Never throws for anything the text contains. */
  static Parsed parse(String text) {
    return ExpressionParser.parse(text);
  }
}
