package dev.carillon.time;

/** What a local time means on the day that a zone's clocks jump over it. */
public enum GapPolicy {
  /** The time is moved by the length of the gap: 02:30 becomes 03:30 where clocks jump 02 to 03. */
  SHIFT_FORWARD,
  /** The first instant after the gap: 02:30 becomes 03:00. */
  END_OF_GAP,
  /** There is no such occurrence. */
  SKIP
}
