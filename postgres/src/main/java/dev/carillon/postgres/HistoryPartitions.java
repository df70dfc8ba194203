package dev.carillon.postgres;

import static java.util.Objects.requireNonNull;

import org.jdbi.v3.core.Jdbi;

/**
 * The monthly partitions of the history and the daily ones of the attempts log: made ahead of time,
 * and dropped whole when they are old.
 *
 * @param jdbi runs the statements
 * @param monthsKept how many whole months of history before this one are kept
 * @param daysKept how many whole days of attempts before today are kept
 */
public record HistoryPartitions(Jdbi jdbi, int monthsKept, int daysKept) {

  /** How many days' partitions stand ready. */
  static final int DAYS_AHEAD = 2;

  /** How many months' partitions stand ready. */
  static final int MONTHS_AHEAD = 2;

  public HistoryPartitions {
    requireNonNull(jdbi, "jdbi is null");
    if (monthsKept < 1) {
      throw new IllegalArgumentException("monthsKept must be at least 1, not " + monthsKept);
    }
    if (daysKept < 1) {
      throw new IllegalArgumentException("daysKept must be at least 1, not " + daysKept);
    }
  }

  /**
   * Makes and drops partitions. To be called at least once a day, by any number of processes.
   *
   * @return how many were dropped
   * @throws RuntimeException if the lock was not had in time; nothing changed, call again
   */
  public int maintain() {
    return maintain("maintain_history", "months_ahead", MONTHS_AHEAD, "months_kept", monthsKept)
        + maintain("maintain_attempts", "days_ahead", DAYS_AHEAD, "days_kept", daysKept);
  }

  private int maintain(String statement, String ahead, int make, String kept, int keep) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(EngineStatements.SQL.get(statement))
            .bind(ahead, make)
            .bind(kept, keep)
            .mapTo(Integer.class)
            .one());
  }
}
