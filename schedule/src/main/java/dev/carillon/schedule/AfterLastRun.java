package dev.carillon.schedule;

/** What becomes of a schedule that has ended, when its last run has. */
public enum AfterLastRun {
  /** It stays, as ended. */
  KEEP,
  /** It is deleted; its history stays. */
  DELETE
}
