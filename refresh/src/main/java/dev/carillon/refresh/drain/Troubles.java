package dev.carillon.refresh.drain;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import org.jspecify.annotations.Nullable;

/** What an exception of a store means. */
final class Troubles {

  private Troubles() {}

  /**
   * Whether the same may work later: the database is away, starts, stops, has no room, or rolled
   * back for the sake of another transaction. Classes of PostgreSQL's documentation, appendix A.
   */
  static boolean isPassing(Throwable thrown) {
    SQLException sql = sql(thrown);
    if (sql == null) {
      return false;
    }
    String state = sql.getSQLState();
    return sql instanceof SQLTransientException
        || state == null
        || state.startsWith("08")
        || state.startsWith("25")
        || state.startsWith("40")
        || state.startsWith("53")
        || state.startsWith("57")
        || state.startsWith("58");
  }

  /** Whether the transaction was rolled back for the sake of another, and may be tried again. */
  static boolean isRolledBack(Throwable thrown) {
    SQLException sql = sql(thrown);
    return sql != null && sql.getSQLState() != null && sql.getSQLState().startsWith("40");
  }

  /** The exception in few words, with nothing in them that the other side wrote. */
  static String words(Throwable thrown) {
    SQLException sql = sql(thrown);
    if (sql == null) {
      return thrown.getClass().getSimpleName();
    }
    return sql.getSQLState() == null
        ? "the database does not answer"
        : "SQLSTATE " + sql.getSQLState();
  }

  private static @Nullable SQLException sql(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }
}
