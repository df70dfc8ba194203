package dev.carillon.time;

/** When a yearly date on 29 February falls in a year that has none. */
public enum LeapDayPolicy {
  /** On 28 February: the last day of the month. */
  FEB_28,
  /** On 1 March: the day after 28 February. */
  MAR_1,
  /** Not at all: only leap years count. */
  LEAP_ONLY
}
