package dev.carillon.refresh.drain;

import java.time.Instant;

/** Moves what others left somewhere into the queue, a batch at a time. */
@FunctionalInterface
public interface Intake {

  /** Nobody leaves anything anywhere. */
  Intake NONE = _ -> 0;

  /**
   * Moves the next batch.
   *
   * @return how many items; 0 if none is left
   */
  int move(Instant now);
}
