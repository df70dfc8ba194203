package dev.carillon.store;

import static java.util.Objects.requireNonNull;

import dev.carillon.event.Event;
import java.time.Instant;
import java.util.Optional;

/** What becomes of a claimed event: the only writes that an attempt can cause. */
public sealed interface Transition {

  /** The claim that is settled. A claim that the process no longer holds changes nothing. */
  Claim claim();

  /** When the attempt ended, by the engine's clock. */
  Instant at();

  /**
   * The event that is planned in the same transaction, unless its idempotency key is live, or a
   * later event of the same subject and type is: only the latest is followed by another.
   */
  Optional<Event> next();

  /** Done. */
  record Completed(Claim claim, Instant at, Optional<Event> next) implements Transition {
    public Completed {
      requireNonNull(claim, "claim is null");
      requireNonNull(at, "at is null");
      requireNonNull(next, "next is null");
    }
  }

  /** Failed for good: kept as a dead letter. */
  record Failed(Claim claim, Instant at, String reason, Optional<Event> next)
      implements Transition {
    public Failed {
      requireNonNull(claim, "claim is null");
      requireNonNull(at, "at is null");
      requireNonNull(reason, "reason is null");
      requireNonNull(next, "next is null");
    }
  }

  /** To be attempted again at {@code due}. */
  record Retried(Claim claim, Instant at, String reason, Instant due) implements Transition {
    public Retried {
      requireNonNull(claim, "claim is null");
      requireNonNull(at, "at is null");
      requireNonNull(reason, "reason is null");
      requireNonNull(due, "due is null");
    }

    @Override
    public Optional<Event> next() {
      return Optional.empty();
    }
  }
}
