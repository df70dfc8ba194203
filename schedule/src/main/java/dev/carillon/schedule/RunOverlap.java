package dev.carillon.schedule;

/** What a firing does while an earlier one of the same schedule has not ended. */
public enum RunOverlap {
  /** It runs beside it. */
  ALLOW,
  /** It is not run. */
  SKIP,
  /** It waits; if one waits already, it is not run. */
  BUFFER_ONE,
  /** It waits; all run one after another. */
  BUFFER_ALL,
  /** It cancels the earlier ones and runs. What they have begun outside is not undone. */
  CANCEL_OTHER
}
