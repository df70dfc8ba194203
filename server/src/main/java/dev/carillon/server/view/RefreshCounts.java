package dev.carillon.server.view;

import dev.carillon.postgres.Statements;
import dev.carillon.view.ViewName;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

/**
 * How many refreshes of a view the last 24 hours had.
 *
 * @param refreshed those that brought it up to date
 * @param failed those that failed, or could not be done
 */
record RefreshCounts(long refreshed, long failed) {

  /** None. */
  static final RefreshCounts NONE = new RefreshCounts(0, 0);

  private static final Statements SQL = Statements.beside(RefreshCounts.class, "views.sql");

  /** Those of all views that had any. */
  static Map<ViewName, RefreshCounts> read(Jdbi jdbi) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("counts"))
            .map((row, _) ->
                Map.entry(
                    new ViewName(row.getString("view_name")),
                    new RefreshCounts(row.getLong("refreshed"), row.getLong("failed"))))
            .stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }
}
