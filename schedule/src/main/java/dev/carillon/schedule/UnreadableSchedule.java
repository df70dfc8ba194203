package dev.carillon.schedule;

import java.util.UUID;

/**
 * Says that a row of the database is no schedule to this process: its time zone or a policy of it
 * is unknown here, say, since a process of another release wrote it.
 */
public final class UnreadableSchedule extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final UUID id;

  UnreadableSchedule(UUID id, RuntimeException cause) {
    super(String.valueOf(cause.getMessage()), cause);
    this.id = id;
  }

  /** The schedule's id. */
  public UUID id() {
    return id;
  }
}
