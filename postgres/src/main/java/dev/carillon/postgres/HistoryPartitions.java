package dev.carillon.postgres;

import static java.util.Objects.requireNonNull;

import org.jdbi.v3.core.Jdbi;

/**
 * The monthly partitions of the history: made ahead of time, and dropped whole when they are old.
 *
 * @param jdbi runs the statements
 * @param monthsKept how many whole months before this one are kept
 */
public record HistoryPartitions(Jdbi jdbi, int monthsKept) {

  /** How many months' partitions stand ready. */
  static final int MONTHS_AHEAD = 2;

  public HistoryPartitions {
    requireNonNull(jdbi, "jdbi is null");
    if (monthsKept < 1) {
      throw new IllegalArgumentException("monthsKept must be at least 1, not " + monthsKept);
    }
  }

  /**
   * Makes and drops partitions. To be called at least once a month, by any number of processes.
   *
   * @return how many were dropped
   * @throws RuntimeException if the lock was not had in time; nothing changed, call again
   */
  public int maintain() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(EngineStatements.SQL.get("maintain_history"))
            .bind("months_ahead", MONTHS_AHEAD)
            .bind("months_kept", monthsKept)
            .mapTo(Integer.class)
            .one());
  }
}
