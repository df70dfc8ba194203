package dev.carillon.view.capture;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What the catalog says of names. A relation is named as in SQL. */
public final class Facts {

  private Facts() {}

  /** The first schema of the search path, unquoted. */
  public static String schema(Handle handle) {
    return handle.createQuery(Capture.SQL.get("schema")).mapTo(String.class).one();
  }

  /** The object id of the one table that a view reads; 0 if it is gone. */
  public static long source(Handle handle, String view) {
    return handle
        .createQuery(Capture.SQL.get("source"))
        .bind("rows", view)
        .mapTo(Long.class)
        .findFirst()
        .orElse(0L);
  }

  /** The names of a relation's columns, unquoted and in order. */
  public static List<String> columnNames(Handle handle, String relation) {
    return handle
        .createQuery(Capture.SQL.get("column_names"))
        .bind("relation", relation)
        .mapTo(String.class)
        .list();
  }

  /** A relation's name in SQL with its schema. */
  public static String place(Handle handle, String relation) {
    return fact(handle, "place", relation)
        .orElseThrow(() -> new IllegalArgumentException("there is no relation " + relation));
  }

  /** What a relation is, as {@code pg_class.relkind} says; empty if it is not there. */
  public static Optional<String> kind(Handle handle, String relation) {
    return fact(handle, "relation_kind", relation);
  }

  /** Whether a relation is a table, or a partitioned one, that outlives a crash. */
  public static boolean isLastingTable(Handle handle, String relation) {
    String kind = kind(handle, relation).orElse("");
    return (kind.equals("r") || kind.equals("p"))
        && fact(handle, "relation_persistence", relation).orElse("").equals("p");
  }

  /** The type of a relation's column in SQL. */
  public static String type(Handle handle, String relation, String column) {
    return handle
        .createQuery(Capture.SQL.get("columns"))
        .bind("relation", relation)
        .bind("column", column)
        .mapTo(String.class)
        .one();
  }

  /** Whether a relation has a column. */
  public static boolean hasColumn(Handle handle, String relation, String column) {
    return handle
        .createQuery(Capture.SQL.get("has_column"))
        .bind("relation", relation)
        .bind("column", column)
        .mapTo(Boolean.class)
        .one();
  }

  private static Optional<String> fact(Handle handle, String statement, String relation) {
    return handle
        .createQuery(Capture.SQL.get(statement))
        .bind("relation", relation)
        .mapTo(String.class)
        .findOne();
  }
}
