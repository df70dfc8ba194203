package dev.carillon.schedule.expression;

import static java.util.Objects.requireNonNull;

/** A text that was read as an {@link Expression}: good, or the first thing that is wrong in it. */
public sealed interface Parsed {

  /** The text is an expression. */
  record Valid(Expression expression) implements Parsed {

    public Valid {
      requireNonNull(expression, "expression is null");
    }
  }

  /**
   * The text is no expression.
   *
   * @param error EventBridge's own words, {@code Invalid Schedule Expression <text>.}, and then
   *     what is wrong and what is allowed
   * @param column where it is wrong: the character's number in the text, from 1
   */
  record Invalid(String error, int column) implements Parsed {

    public Invalid {
      requireNonNull(error, "error is null");
      if (column < 1) {
        throw new IllegalArgumentException("column is %d: at least 1 is allowed".formatted(column));
      }
    }
  }
}
