package dev.carillon.refresh.pace;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The turn of a call that is being got ready. It has no slot of its own: whichever call is ready
 * first leaves in the next one, so that a connection that takes long to come about costs none. For
 * one thread.
 */
public final class Turn implements Departure, AutoCloseable {

  private final Pace pace;
  private final int clearings;
  private Booking.@Nullable Held slot;
  private boolean closed;

  Turn(Pace pace, int clearings) {
    this.pace = pace;
    this.clearings = clearings;
  }

  @Override
  public boolean await() throws InterruptedException {
    if (slot == null && !closed) {
      slot = pace.await(clearings);
    }
    return slot != null;
  }

  @Override
  public void left() {
    Booking.Held mine = slot;
    if (mine != null) {
      pace.left(mine);
    }
  }

  /** The slot that it had, by the store's clock; empty if it did not come to that. */
  public Optional<Instant> slot() {
    return Optional.ofNullable(slot).map(Booking.Held::at);
  }

  /** Ends it: if no slot was used, another call may have it. */
  @Override
  public void close() {
    if (!closed && slot == null) {
      pace.without(clearings);
    }
    closed = true;
  }
}
