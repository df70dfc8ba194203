package dev.carillon.view.optimisation;

import dev.carillon.postgres.Statements;
import org.jdbi.v3.core.Handle;

/** What is there under the name {@code job_progress}. */
enum ProgressShape {
  MISSING,
  MATERIALIZED,
  /** It was begun to be turned into another form, and that did not end. */
  BEGUN,
  LEDGER,
  KEYED,
  /** Something that somebody else made. */
  OTHER;

  private static final Statements SQL = Statements.beside(ProgressShape.class, "progress_view.sql");

  /** Whether the tables are there that say how views are kept. */
  static boolean isKnowable(Handle handle) {
    return handle.createQuery(SQL.get("has_catalog")).mapTo(Boolean.class).one();
  }

  static ProgressShape of(Handle handle) {
    return ProgressShape.valueOf(handle.createQuery(SQL.get("shape")).mapTo(String.class).one());
  }
}
