package dev.carillon.view.registry;

import dev.carillon.postgres.Statements;
import dev.carillon.view.ViewName;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The view of a name in the database, within the caller's transaction. */
final class Relation {

  static final Statements SQL = Statements.beside(Relation.class, "registry.sql");

  /** How long a view is waited for that others use. */
  private static final Duration LOCK_WAIT = Duration.ofSeconds(5);

  private Relation() {}

  /** The query of a materialized view that is there. */
  static Optional<String> definition(Handle handle, ViewName name) {
    return handle
        .createQuery(SQL.get("definition"))
        .bind("name", name.text())
        .mapTo(String.class)
        .map(Relation::unended)
        .findOne();
  }

  /** Whether anything has the name. */
  static boolean exists(Handle handle, ViewName name) {
    return handle
        .createQuery(SQL.get("relation"))
        .bind("quoted", quoted(name.text()))
        .mapTo(Boolean.class)
        .findOne()
        .isPresent();
  }

  /** The columns of its shortest unique index, in that order; none if there is none. */
  static List<String> key(Handle handle, ViewName name) {
    return handle
        .createQuery(SQL.get("key"))
        .bind("quoted", quoted(name.text()))
        .mapTo(String.class)
        .list();
  }

  /** How many rows it has. */
  static long rows(Handle handle, ViewName name) {
    return handle
        .createQuery(SQL.get("count_rows").replace("<name>", quoted(name.text())))
        .mapTo(Long.class)
        .one();
  }

  /** The database's time. */
  static Instant now(Handle handle) {
    return handle.createQuery(SQL.get("now")).mapTo(Instant.class).one();
  }

  /**
   * Makes an empty materialized view.
   *
   * @param keyColumns of its unique index; none for no index
   * @throws SQLException what PostgreSQL says of the query
   */
  static void make(Handle handle, ViewName name, String query, List<String> keyColumns)
      throws SQLException {
    run(handle, SQL.get("make").replace("<name>", quoted(name.text())).replace("<query>", query));
    if (!keyColumns.isEmpty()) {
      String columns = keyColumns.stream().map(Relation::quoted).collect(Collectors.joining(", "));
      run(
          handle,
          SQL.get("unique").replace("<name>", quoted(name.text())).replace("<columns>", columns));
    }
  }

  /**
   * Drops it, if it is there.
   *
   * @throws SQLException if others are made of it, or use it
   */
  static void drop(Handle handle, ViewName name) throws SQLException {
    handle
        .createQuery(SQL.get("lock_timeout"))
        .bind("millis", LOCK_WAIT.toMillis())
        .mapTo(String.class)
        .one();
    run(handle, SQL.get("drop").replace("<name>", quoted(name.text())));
  }

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A colon or a question mark in a user's query is no parameter. */
  private static void run(Handle handle, String sql) throws SQLException {
    try (Statement statement = handle.getConnection().createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  private static String unended(String query) {
    String text = query.strip();
    return text.endsWith(";") ? text.substring(0, text.length() - 1) : text;
  }
}
