package dev.carillon.schedule.target;

import dev.carillon.postgres.Statements;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The runs whose effect is in this database, within the caller's transaction. */
public final class SqlRuns {

  /** How long a run is remembered at least. One that may come again is remembered for longer. */
  public static final Duration KEPT_FOR = Duration.ofDays(7);

  /** The most runs of one {@link #forget}. */
  public static final int MAX_FORGOTTEN = 10_000;

  static final Statements SQL = Statements.beside(SqlRuns.class, "targets.sql");

  private SqlRuns() {}

  /**
   * Notes that a run has its effect in this transaction; waits for another transaction that does.
   *
   * @return false if it had its effect before
   */
  static boolean begin(Handle handle, UUID run, Instant now) {
    return handle.createUpdate(SQL.get("begin_run")).bind("run", run).bind("now", now).execute()
        == 1;
  }

  /**
   * Forgets runs that cannot come again, at most {@link #MAX_FORGOTTEN} of them.
   *
   * @param before they ran before it
   * @return how many; to be called until it is fewer than that
   */
  public static int forget(Handle handle, Instant before) {
    return handle
        .createUpdate(SQL.get("forget_runs"))
        .bind("before", before)
        .bind("limit", MAX_FORGOTTEN)
        .execute();
  }
}
