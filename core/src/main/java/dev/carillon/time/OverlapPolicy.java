package dev.carillon.time;

/** Which of two instants a local time means when a zone's clocks show it twice. */
public enum OverlapPolicy {
  /** The earlier instant, before the clocks go back. */
  FIRST,
  /** The later instant, after the clocks went back. */
  SECOND,
  /** Both instants: the time comes twice, as often as the clocks show it. */
  BOTH
}
