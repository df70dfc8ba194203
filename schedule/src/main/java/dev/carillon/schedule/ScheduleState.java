package dev.carillon.schedule;

/** Whether a schedule fires. */
public enum ScheduleState {
  /** It fires. */
  ENABLED,
  /** Someone, or a failure, stopped it until it is resumed. */
  PAUSED,
  /** Nothing follows any more: its end has passed, or its last time. */
  ENDED
}
