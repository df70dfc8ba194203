package dev.carillon.bench.next;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Someone's way to find the next time of one cron expression in one zone. It is timed in types of
 * its own, so that nobody pays for a conversion.
 *
 * @param <T> what it takes and answers
 */
interface Evaluator<T> {

  /** An instant as it takes one. */
  T of(Instant instant);

  /** The next time strictly after one; null if there is none. */
  @Nullable T next(T after);

  /** The instant of an answer. */
  Instant instant(T answer);
}
