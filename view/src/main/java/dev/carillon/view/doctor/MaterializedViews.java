package dev.carillon.view.doctor;

import dev.carillon.postgres.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Materialized views that cannot be refreshed while they are read, and why. */
record MaterializedViews() implements Check {

  private static final Statements SQL = Statements.beside(MaterializedViews.class, "tables.sql");

  /**
   * A view that cannot be refreshed concurrently.
   *
   * @param usable whether it has a unique index that {@code CONCURRENTLY} accepts
   * @param hasUnique whether it has any unique index
   * @param uniqueColumn a column that the statistics show as unique; null if there is none
   * @param analysed whether there are statistics
   */
  record Unready(
      String view,
      boolean populated,
      boolean usable,
      boolean hasUnique,
      @Nullable String uniqueColumn,
      boolean analysed,
      List<Remedy> remedies) {

    static Unready read(ResultSet row) throws SQLException {
      return new Unready(
          row.getString("view"),
          row.getBoolean("populated"),
          row.getBoolean("usable"),
          row.getBoolean("has_unique"),
          row.getString("unique_column"),
          row.getBoolean("analysed"),
          Remedy.of(row));
    }
  }

  @Override
  public String name() {
    return "materialized-views";
  }

  @Override
  public String reason() {
    return "Without CONCURRENTLY every reader waits until a refresh has ended.";
  }

  @Override
  public String allWell() {
    return "every materialized view can be refreshed concurrently";
  }

  @Override
  public List<Advice> look(Handle handle) {
    return handle
        .createQuery(SQL.get("materialized_views"))
        .bind("limit", MAX_FINDINGS)
        .map((row, _) -> judge(Unready.read(row)))
        .list();
  }

  Advice judge(Unready one) {
    if (one.usable()) {
      return Advice.warning(
          this, one.view() + " is not populated: nobody can read it yet", one.remedies());
    }
    String finding =
        "%s cannot be refreshed concurrently: %s; %s%s"
            .formatted(
                one.view(),
                one.hasUnique()
                    ? "its unique index has a WHERE or an expression, is deferred or is invalid"
                    : "it has no unique index",
                nextStep(one),
                one.populated() ? "" : "; it is not populated either");
    return Advice.problem(this, finding, one.remedies());
  }

  private static String nextStep(Unready one) {
    if (one.uniqueColumn() != null) {
      return "%s is unique in every row the statistics saw".formatted(one.uniqueColumn());
    }
    return one.analysed()
        ? "no single column is unique, so leave out of the index what the others determine"
        : "analyse it and ask again which columns are unique";
  }
}
