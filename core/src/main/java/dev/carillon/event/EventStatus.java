package dev.carillon.event;

import java.util.EnumSet;
import java.util.Set;

/** Where an event stands, and where it may go from there. */
public enum EventStatus {
  /** Waits for its due time, or for the next attempt. */
  PENDING,
  /** Claimed by a process that is performing it. */
  PROCESSING,
  /** Done. */
  COMPLETED,
  /** Failed for good; kept as a dead letter. */
  FAILED,
  /** Called off before it was done. */
  CANCELLED;

  /** The states this one may become. */
  public Set<EventStatus> next() {
    return switch (this) {
      case PENDING -> EnumSet.of(PROCESSING, CANCELLED);
      // CANCELLED: its subject was deleted while it was being performed.
      case PROCESSING -> EnumSet.of(PENDING, COMPLETED, FAILED, CANCELLED);
      // PENDING: a redrive. CANCELLED: its subject was deleted.
      case FAILED -> EnumSet.of(PENDING, CANCELLED);
      case COMPLETED, CANCELLED -> EnumSet.noneOf(EventStatus.class);
    };
  }

  /** Whether nothing follows but a redrive by hand. */
  public boolean isFinal() {
    return this != PENDING && this != PROCESSING;
  }
}
