package dev.carillon.schedule.expression;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Optional;

/**
 * What a recurrence rule does with a day that a month does not have, such as 30 February (<a
 * href="https://www.rfc-editor.org/rfc/rfc7529#section-4.1">RFC 7529, section 4.1</a>).
 */
public enum RruleSkip {
  /** The day does not come in such a month. */
  OMIT,
  /** It is the first day of the next month. */
  FORWARD,
  /** It is the last day of the month. */
  BACKWARD;

  /** Where a day goes that is missing at a month's end, if anywhere. */
  Optional<LocalDate> moved(YearMonth month) {
    return switch (this) {
      case OMIT -> Optional.empty();
      case FORWARD -> Optional.of(month.plusMonths(1).atDay(1));
      case BACKWARD -> Optional.of(month.atEndOfMonth());
    };
  }
}
