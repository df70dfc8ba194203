package dev.carillon.refresh.pace;

import java.time.Duration;
import java.time.Instant;

/** What waiting for a slot came to. */
public sealed interface Slot {

  /**
   * A slot is near: one call may be got ready.
   *
   * @param turn has it leave in time; to be closed when the call has ended
   */
  record Yours(Turn turn) implements Slot {}

  /**
   * The source is left alone.
   *
   * @param until by the store's clock
   * @param remaining how long that is from now on
   * @param reason why, fit to be shown
   */
  record Paused(Instant until, Duration remaining, String reason) implements Slot {}

  /**
   * There is no slot before the deadline.
   *
   * @param remaining before that it is no use to ask again; nothing if nobody knows
   */
  record TooLate(Duration remaining) implements Slot {}
}
