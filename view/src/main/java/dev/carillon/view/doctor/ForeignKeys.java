package dev.carillon.view.doctor;

import dev.carillon.postgres.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Foreign keys that no index serves.
 *
 * @param minRows smaller tables are read whole fast enough
 */
record ForeignKeys(long minRows) implements Check {

  private static final Statements SQL = Statements.beside(ForeignKeys.class, "indexes.sql");

  @Override
  public String name() {
    return "foreign-keys";
  }

  @Override
  public String reason() {
    return "Without an index, deleting a row that is referred to reads the whole referring table.";
  }

  @Override
  public String allWell() {
    return "every foreign key of a table of %s or more has an index"
        .formatted(Figures.count(minRows, "row"));
  }

  @Override
  public List<Advice> look(Handle handle) {
    return handle
        .createQuery(SQL.get("foreign_keys"))
        .bind("min_rows", minRows)
        .bind("limit", MAX_FINDINGS)
        .map((row, _) -> advice(row))
        .list();
  }

  private Advice advice(ResultSet row) throws SQLException {
    String finding =
        "%s (%s) refers to %s by (%s), which has no index"
            .formatted(
                row.getString("on_table"),
                Figures.count(row.getLong("rows"), "row"),
                row.getString("parent"),
                row.getString("columns"));
    return Advice.warning(this, finding, Remedy.of(row));
  }
}
