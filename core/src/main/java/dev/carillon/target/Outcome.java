package dev.carillon.target;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How an attempt ended. */
public sealed interface Outcome {

  /** Done. */
  record Succeeded() implements Outcome {}

  /**
   * Failed in a way that may pass.
   *
   * @param reason what went wrong, for people
   * @param retryAfter the least time that the target asks to be left alone; null if it does not say
   */
  record Retryable(String reason, @Nullable Duration retryAfter) implements Outcome {
    public Retryable {
      requireNonNull(reason, "reason is null");
      if (retryAfter != null && retryAfter.isNegative()) {
        throw new IllegalArgumentException("retryAfter is negative: " + retryAfter);
      }
    }

    /** A failure whose target does not say when to come back. */
    public Retryable(String reason) {
      this(reason, null);
    }
  }

  /**
   * Failed for good: another attempt would fail too.
   *
   * @param reason what went wrong, for people
   */
  record Rejected(String reason) implements Outcome {
    public Rejected {
      requireNonNull(reason, "reason is null");
    }
  }
}
