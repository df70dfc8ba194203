package dev.carillon.view.doctor;

import dev.carillon.postgres.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Large tables that are often read whole.
 *
 * @param minScans how often
 * @param minRows how many rows each such scan reads, on average
 */
record SequentialScans(long minScans, long minRows) implements Check {

  private static final Statements SQL = Statements.beside(SequentialScans.class, "indexes.sql");

  @Override
  public String name() {
    return "sequential-scans";
  }

  @Override
  public String reason() {
    return "An index may be missing: the counters cannot say on which column, the statements can.";
  }

  @Override
  public String allWell() {
    return "no large table is often read whole";
  }

  @Override
  public List<Advice> look(Handle handle) {
    return handle
        .createQuery(SQL.get("sequential_scans"))
        .bind("min_scans", minScans)
        .bind("min_rows", minRows)
        .bind("limit", MAX_FINDINGS)
        .map((row, _) -> advice(row))
        .list();
  }

  private Advice advice(ResultSet row) throws SQLException {
    String finding =
        "%s was read whole %s times, %s each time; once that is mended, begin to count anew"
            .formatted(
                row.getString("on_table"),
                Figures.count(row.getLong("scans")),
                Figures.count(row.getLong("rows_a_scan"), "row"));
    return Advice.warning(this, finding, Remedy.of(row));
  }
}
