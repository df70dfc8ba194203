package dev.carillon.schedule;

/** What becomes of nominal times that passed while nobody was up to plan them. */
public enum MisfirePolicy {
  /** All are run, the latest {@link Policies#maxCatchUp} of them at most. */
  FIRE_ALL,
  /** The latest one is run. */
  FIRE_ONCE,
  /** None is run. */
  SKIP
}
