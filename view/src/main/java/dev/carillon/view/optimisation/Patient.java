package dev.carillon.view.optimisation;

import dev.carillon.postgres.Statements;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/**
 * Statements that may take hours, and locks that are not waited for long: whoever waits for an
 * exclusive lock makes everybody behind it wait, so that a short wait is tried often instead.
 */
final class Patient {

  /**
   * How long one try waits for a lock: less than PostgreSQL's deadlock_timeout, so that we yield.
   */
  static final int LOCK_MILLIS = 400;

  /** How long some tries wait: long enough for PostgreSQL to send an autovacuum away. */
  static final int LONG_LOCK_MILLIS = 1_500;

  /** Each how manieth try waits longer. */
  static final int LONG_EACH = 5;

  /** How often a lock is tried for before giving up. */
  static final int TRIES = 150;

  /** How long to let others pass between two tries. */
  static final long PAUSE_NANOS = 200_000_000;

  /** lock_not_available, deadlock_detected. */
  private static final Set<String> LOCKED = Set.of("55P03", "40P01");

  private static final Statements SQL = Statements.beside(Patient.class, "locks.sql");

  private Patient() {}

  /** Runs work on a connection whose statements may take as long as they need. */
  static void alone(Jdbi jdbi, Work work) {
    jdbi.useHandle(handle -> unlimited(handle, work));
  }

  /** The same in one transaction. */
  static void inTransaction(Jdbi jdbi, Work work) {
    jdbi.useTransaction(handle -> unlimited(handle, work));
  }

  /** Work on one connection. */
  interface Work {
    void on(Handle handle);
  }

  /**
   * Runs statements as they are, one by one: what the server made is not looked at for parameters.
   */
  static void run(Handle handle, List<String> statements) {
    statements.forEach(sql -> run(handle, sql));
  }

  /** Runs a statement as it is. */
  static void run(Handle handle, String sql) {
    try (Statement statement = handle.getConnection().createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new UnableToExecuteStatementException(e.getMessage() + "\nin: " + sql, e, null);
    }
  }

  /**
   * Does what needs strong locks, within the caller's transaction: when one is not had at once, it
   * is undone as far as it came, and tried again.
   *
   * @throws JdbiException if the locks were not had in all tries
   */
  static void locking(Handle handle, Work work) {
    for (int tries = 1; ; tries++) {
      handle.savepoint("unlocked");
      try {
        waitAtMost(handle, tries % LONG_EACH == 0 ? LONG_LOCK_MILLIS : LOCK_MILLIS);
        work.on(handle);
        waitAtMost(handle, 0);
        handle.releaseSavepoint("unlocked");
        return;
      } catch (JdbiException e) {
        if (!isLocked(e) || tries == TRIES) {
          throw e;
        }
        handle.rollbackToSavepoint("unlocked");
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private static void waitAtMost(Handle handle, int millis) {
    handle.createQuery(SQL.get("wait")).bind("millis", millis).mapTo(String.class).one();
  }

  /** Whether a lock was not had in time. */
  static boolean isLocked(Throwable error) {
    String state = state(error);
    return state != null && LOCKED.contains(state);
  }

  /** The SQLSTATE of an error; null if it has none. */
  static @Nullable String state(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql.getSQLState();
      }
    }
    return null;
  }

  /** What the database said, without the statement; or what else went wrong. */
  static String words(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return String.valueOf(sql.getMessage()).lines().findFirst().orElse("");
      }
    }
    return String.valueOf(error.getMessage());
  }

  private static void unlimited(Handle handle, Work work) {
    endure(handle);
    work.on(handle);
  }

  /** Lets the statements of a transaction take as long as they need. */
  static void endure(Handle handle) {
    try {
      // The pool's own limit comes back with the connection.
      handle.getConnection().setNetworkTimeout(Runnable::run, 0);
    } catch (SQLException e) {
      throw new UnableToExecuteStatementException("cannot lift the network timeout", e, null);
    }
  }
}
