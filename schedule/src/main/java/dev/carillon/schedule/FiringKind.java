package dev.carillon.schedule;

/** Why a firing came to be. */
public enum FiringKind {
  /** Its nominal time came. */
  SCHEDULED,
  /** Its nominal time had passed while nobody was up. */
  CATCH_UP,
  /** Someone asked for the nominal times of a range. */
  BACKFILL,
  /** Someone asked for a run now. */
  MANUAL
}
