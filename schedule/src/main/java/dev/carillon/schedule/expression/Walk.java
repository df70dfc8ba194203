package dev.carillon.schedule.expression;

import java.time.Instant;

/**
 * A walk through the firings of an expression. Asking it with later and later instants may cost
 * much less than asking the expression anew. Not for use by several threads.
 */
@FunctionalInterface
public interface Walk {

  /** When the expression comes next, strictly after an instant. */
  Firing next(Instant after);
}
