package dev.carillon.view.keyed;

import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * A column of a relation.
 *
 * @param declared its type in SQL without a length, and its collation
 * @param type its type's name
 * @param plain whether texts are equal only if they are the same
 */
record ResultColumn(String name, String declared, String type, boolean plain) {

  static List<ResultColumn> of(Handle handle, String relation) {
    return handle
        .createQuery(Keyed.SQL.get("columns"))
        .bind("relation", relation)
        .map((row, _) ->
            new ResultColumn(
                row.getString("name"),
                row.getString("declared"),
                row.getString("type"),
                row.getBoolean("plain")))
        .list();
  }
}
