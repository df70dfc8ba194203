package dev.carillon.view.capture;

import dev.carillon.postgres.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Transactions that read whole tables: the client waits for them longer than for others, and the
 * server ends them when the client is gone.
 */
public final class Unhurried {

  /**
   * How long a statement may run. A table that takes longer to be read cannot be kept: who reads so
   * long keeps dead rows of all tables from being cleaned away.
   */
  public static final Duration LONGEST = Duration.ofHours(6);

  /**
   * How long the server keeps a transaction whose client says nothing or is gone, and how much
   * longer than {@link #LONGEST} the client waits for the network.
   */
  public static final Duration GRACE = Duration.ofSeconds(15);

  private static final Statements LOCKS = Statements.beside(Unhurried.class, "locks.sql");

  private Unhurried() {}

  /** Runs a transaction in which statements may take their time. */
  public static <T> T transaction(Jdbi jdbi, Function<Handle, T> work) {
    return jdbi.inTransaction(handle ->
        onPatientConnection(
            handle,
            () -> {
              limit(handle);
              return work.apply(handle);
            }));
  }

  /**
   * Whether somebody fills a table anew at this moment.
   *
   * @param kept the table's name in SQL
   */
  public static boolean isBeingFilled(Handle handle, String kept) {
    return handle
        .createQuery(LOCKS.get("is_being_filled"))
        .bind("kept", kept)
        .mapTo(Boolean.class)
        .one();
  }

  /** Lets the network be silent for long; whoever has the connection next has the usual limit. */
  static <T> T onPatientConnection(Handle handle, Supplier<T> work) {
    Connection connection = handle.getConnection();
    int usual = setNetworkTimeout(connection, Math.toIntExact(LONGEST.plus(GRACE).toMillis()));
    try {
      return work.get();
    } finally {
      restoreNetworkTimeout(connection, usual);
    }
  }

  /** Sets the limits of the transaction that is under way. This is a query: it takes a snapshot. */
  static void limit(Handle handle) {
    handle
        .createQuery(LOCKS.get("limits"))
        .bind("statement_millis", LONGEST.toMillis())
        .bind("idle_millis", GRACE.toMillis())
        .mapTo(String.class)
        .one();
  }

  private static int setNetworkTimeout(Connection connection, int millis) {
    try {
      int before = connection.getNetworkTimeout();
      connection.setNetworkTimeout(Runnable::run, millis);
      return before;
    } catch (SQLException e) {
      throw new ConnectionException(e);
    }
  }

  private static void restoreNetworkTimeout(Connection connection, int millis) {
    try {
      connection.setNetworkTimeout(Runnable::run, millis);
    } catch (SQLException _) {
      // The connection is broken, and nobody will have it next.
    }
  }
}
