package dev.carillon.view.optimisation;

import dev.carillon.postgres.Statements;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/** Makes views and functions as they should be, over those that are there. */
final class Remaking {

  private static final Statements SQL = Statements.beside(Remaking.class, "progress_view.sql");

  private Remaking() {}

  /** Makes a view in the place of one that may have other columns. */
  static void view(Handle handle, String name, String create) {
    replace(handle, create, SQL.get("drop_named_view").replace("<name>", name));
  }

  /** Makes a function in the place of one that may return something else. */
  static void function(Handle handle, String signature, String create) {
    replace(handle, create, SQL.get("drop_named_function").replace("<name>", signature));
  }

  /** What cannot be replaced is dropped first; who uses it is then named by the error. */
  private static void replace(Handle handle, String create, String drop) {
    handle.savepoint("as_it_was");
    try {
      Patient.run(handle, create);
      handle.releaseSavepoint("as_it_was");
    } catch (JdbiException e) {
      if (Patient.isLocked(e)) {
        throw e;
      }
      handle.rollbackToSavepoint("as_it_was");
      Patient.run(handle, drop);
      Patient.run(handle, create);
    }
  }
}
