package dev.carillon.view.doctor;

import dev.carillon.postgres.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Indexes that were not finished: a {@code CONCURRENTLY} that failed leaves one behind. */
record InvalidIndexes() implements Check {

  private static final Statements SQL = Statements.beside(InvalidIndexes.class, "indexes.sql");

  record Invalid(
      String index,
      String table,
      boolean unique,
      boolean leftOver,
      boolean beingWorkedOn,
      List<Remedy> remedies) {

    static Invalid read(ResultSet row) throws SQLException {
      return new Invalid(
          row.getString("index"),
          row.getString("on_table"),
          row.getBoolean("is_unique"),
          row.getBoolean("left_over"),
          row.getBoolean("being_worked_on"),
          Remedy.of(row));
    }
  }

  @Override
  public String name() {
    return "invalid-indexes";
  }

  @Override
  public String reason() {
    return "An invalid index is written by every change and read by no query.";
  }

  @Override
  public String allWell() {
    return "every index is valid";
  }

  @Override
  public List<Advice> look(Handle handle) {
    return handle
        .createQuery(SQL.get("invalid"))
        .bind("limit", MAX_FINDINGS)
        .map((row, _) -> judge(Invalid.read(row)))
        .list();
  }

  Advice judge(Invalid one) {
    String what = "index %s on %s is invalid".formatted(one.index(), one.table());
    if (one.beingWorkedOn()) {
      return Advice.info(this, what + "; it may be being built just now: ask again", List.of());
    }
    if (one.leftOver()) {
      return Advice.problem(this, what + ": a REINDEX CONCURRENTLY left it behind", one.remedies());
    }
    return Advice.problem(
        this,
        what + (one.unique() ? ": equal rows may have kept it from being unique" : ""),
        one.remedies());
  }
}
