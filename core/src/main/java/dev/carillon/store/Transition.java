package dev.carillon.store;

import static java.util.Objects.requireNonNull;

import dev.carillon.event.Event;
import dev.carillon.target.Receipt;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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

  /** What the target tells of the attempt; null if nothing. */
  @Nullable Receipt receipt();

  /** Done. */
  record Completed(Claim claim, Instant at, Optional<Event> next, @Nullable Receipt receipt)
      implements Transition {
    public Completed {
      requireNonNull(claim, "claim is null");
      requireNonNull(at, "at is null");
      requireNonNull(next, "next is null");
    }

    /** Done, and nothing to tell. */
    public Completed(Claim claim, Instant at, Optional<Event> next) {
      this(claim, at, next, null);
    }
  }

  /** Failed for good: kept as a dead letter. */
  record Failed(
      Claim claim, Instant at, String reason, Optional<Event> next, @Nullable Receipt receipt)
      implements Transition {
    public Failed {
      requireNonNull(claim, "claim is null");
      requireNonNull(at, "at is null");
      requireNonNull(reason, "reason is null");
      requireNonNull(next, "next is null");
    }

    /** Failed for good, and nothing to tell. */
    public Failed(Claim claim, Instant at, String reason, Optional<Event> next) {
      this(claim, at, reason, next, null);
    }
  }

  /**
   * To be attempted again at {@code due}.
   *
   * @param counts whether the attempt counts; one that could not be made does not
   */
  record Retried(
      Claim claim,
      Instant at,
      String reason,
      Instant due,
      boolean counts,
      @Nullable Receipt receipt)
      implements Transition {
    public Retried {
      requireNonNull(claim, "claim is null");
      requireNonNull(at, "at is null");
      requireNonNull(reason, "reason is null");
      requireNonNull(due, "due is null");
    }

    /** An attempt that failed, and nothing to tell. */
    public Retried(Claim claim, Instant at, String reason, Instant due) {
      this(claim, at, reason, due, true, null);
    }

    @Override
    public Optional<Event> next() {
      return Optional.empty();
    }
  }

  /** Not attempted: waits in a lane until it is {@linkplain EventStore#release released}. */
  record Held(Claim claim, Instant at, String reason, UUID lane) implements Transition {
    public Held {
      requireNonNull(claim, "claim is null");
      requireNonNull(at, "at is null");
      requireNonNull(reason, "reason is null");
      requireNonNull(lane, "lane is null");
    }

    @Override
    public Optional<Event> next() {
      return Optional.empty();
    }

    @Override
    public @Nullable Receipt receipt() {
      return null;
    }
  }

  /** Called off without an attempt. */
  record Cancelled(Claim claim, Instant at, String reason, Optional<Event> next)
      implements Transition {
    public Cancelled {
      requireNonNull(claim, "claim is null");
      requireNonNull(at, "at is null");
      requireNonNull(reason, "reason is null");
      requireNonNull(next, "next is null");
    }

    @Override
    public @Nullable Receipt receipt() {
      return null;
    }
  }
}
