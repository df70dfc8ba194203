package dev.carillon.time;

/**
 * A set of wall-clock times, such as every weekday at nine, asked in order. Local times are counted
 * in seconds from 1970-01-01T00:00 as if in UTC; no zone is meant by that.
 */
@FunctionalInterface
public interface LocalTimes {

  /** There is no such time. */
  long NONE = Long.MAX_VALUE;

  /**
   * The first time of the set that is not before the given one, or {@link #NONE}. Never answers
   * {@code NONE} for a time if it has an answer for a later one.
   */
  long ceiling(long localSecond);
}
