package dev.carillon.target;

import static java.util.Objects.requireNonNull;

import dev.carillon.retry.RetryPolicy;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How an attempt ended. */
public sealed interface Outcome {

  /** What is to be kept in the attempts log; null if nothing. */
  @Nullable Receipt receipt();

  /** Done. */
  record Succeeded(@Nullable Receipt receipt) implements Outcome {

    /** Done, and nothing to tell. */
    public Succeeded() {
      this(null);
    }
  }

  /**
   * Failed in a way that may pass.
   *
   * @param reason what went wrong, for people
   * @param retryAfter the least time that the target asks to be left alone; null if it does not say
   * @param policy when to try again; null for the engine's
   */
  record Retryable(
      String reason,
      @Nullable Duration retryAfter,
      @Nullable RetryPolicy policy,
      @Nullable Receipt receipt)
      implements Outcome {
    public Retryable {
      requireNonNull(reason, "reason is null");
      if (retryAfter != null && retryAfter.isNegative()) {
        throw new IllegalArgumentException("retryAfter is negative: " + retryAfter);
      }
    }

    /** A failure whose target does not say when to come back. */
    public Retryable(String reason) {
      this(reason, null, null, null);
    }
  }

  /**
   * Failed for good: another attempt would fail too.
   *
   * @param reason what went wrong, for people
   */
  record Rejected(String reason, @Nullable Receipt receipt) implements Outcome {
    public Rejected {
      requireNonNull(reason, "reason is null");
    }

    /** Failed for good, and nothing to tell. */
    public Rejected(String reason) {
      this(reason, null);
    }
  }

  /**
   * Could not be tried, and the target is not to blame: it does not count as an attempt, unless the
   * event has waited for long already.
   *
   * @param reason what went wrong here, for people
   * @param pause how long to wait before the next try
   */
  record Postponed(String reason, Duration pause, @Nullable Receipt receipt) implements Outcome {
    public Postponed {
      requireNonNull(reason, "reason is null");
      if (!pause.isPositive()) {
        throw new IllegalArgumentException("pause is not positive: " + pause);
      }
    }
  }

  /**
   * Not tried: its lane is full or closed, where it waits until it is released. It does not count
   * as an attempt.
   *
   * @param lane what it waits for, such as an endpoint
   * @param reason why, for people
   */
  record Held(UUID lane, String reason) implements Outcome {
    public Held {
      requireNonNull(lane, "lane is null");
      requireNonNull(reason, "reason is null");
    }

    @Override
    public @Nullable Receipt receipt() {
      return null;
    }
  }

  /**
   * Not tried, and not to be: called off, as its type's rules want it. It does not count as an
   * attempt, and what follows the event follows all the same.
   *
   * @param reason why, for people
   */
  record Skipped(String reason) implements Outcome {
    public Skipped {
      requireNonNull(reason, "reason is null");
    }

    @Override
    public @Nullable Receipt receipt() {
      return null;
    }
  }
}
