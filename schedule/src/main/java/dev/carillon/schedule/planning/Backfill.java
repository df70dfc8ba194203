package dev.carillon.schedule.planning;

/** What became of a request to run the nominal times of a range. */
public sealed interface Backfill {

  /**
   * They are due.
   *
   * @param runs how many; those that are due from another backfill are not counted
   */
  record Planned(int runs) implements Backfill {}

  /**
   * Nothing was planned.
   *
   * @param reason why, for people
   */
  record Refused(String reason) implements Backfill {}
}
