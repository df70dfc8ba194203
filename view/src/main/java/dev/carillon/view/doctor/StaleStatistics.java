package dev.carillon.view.doctor;

import dev.carillon.postgres.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Tables of which the planner does not know what is in them.
 *
 * @param minRows smaller tables, and fewer changes, do not matter
 * @param maxShare how much of a table may have changed since it was analysed
 */
record StaleStatistics(long minRows, double maxShare) implements Check {

  private static final Statements SQL = Statements.beside(StaleStatistics.class, "tables.sql");

  record Stale(
      String table,
      boolean partitioned,
      boolean analysed,
      long changed,
      long rows,
      List<Remedy> remedies) {

    static Stale read(ResultSet row) throws SQLException {
      return new Stale(
          row.getString("on_table"),
          row.getBoolean("partitioned"),
          row.getTimestamp("analysed_at") != null,
          row.getLong("changed"),
          row.getLong("rows"),
          Remedy.of(row));
    }
  }

  @Override
  public String name() {
    return "stale-statistics";
  }

  @Override
  public String reason() {
    return "The planner chooses by these statistics: when they are wrong, so is the plan.";
  }

  @Override
  public String allWell() {
    return "every table of %s or more was analysed since it last changed much"
        .formatted(Figures.count(minRows, "row"));
  }

  @Override
  public List<Advice> look(Handle handle) {
    return handle
        .createQuery(SQL.get("stale_statistics"))
        .bind("min_rows", minRows)
        .bind("max_share", maxShare)
        .bind("limit", MAX_FINDINGS)
        .map((row, _) -> judge(Stale.read(row)))
        .list();
  }

  Advice judge(Stale one) {
    String size = "%s (%s)".formatted(one.table(), Figures.count(one.rows(), "row"));
    if (one.partitioned()) {
      return Advice.warning(
          this,
          size + " was never analysed as a whole: autovacuum does its partitions only",
          one.remedies());
    }
    if (!one.analysed()) {
      return Advice.warning(this, size + " was never analysed", one.remedies());
    }
    return Advice.warning(
        this,
        size + ": %s changed since it was analysed".formatted(Figures.count(one.changed(), "row")),
        one.remedies());
  }
}
