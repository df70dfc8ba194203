package dev.carillon.refresh.drain;

/** Why a drain ended. */
public enum Ended {
  /** Nothing is due any more. */
  EMPTY,
  /** Its time was over. */
  TIME,
  /** It was asked to. */
  STOPPED,
  /** The source is to be left alone for longer than its time. */
  PAUSED,
  /** The source does not take our keys, or could not be opened. */
  REFUSED,
  /** The queue, the tempo or the database did not answer. */
  UNAVAILABLE
}
