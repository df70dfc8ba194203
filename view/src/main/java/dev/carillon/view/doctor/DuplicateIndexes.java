package dev.carillon.view.doctor;

import dev.carillon.postgres.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Indexes that are the same as another. */
record DuplicateIndexes() implements Check {

  private static final Statements SQL = Statements.beside(DuplicateIndexes.class, "indexes.sql");

  @Override
  public String name() {
    return "duplicate-indexes";
  }

  @Override
  public String reason() {
    return "Two equal indexes cost every write twice and help no query twice.";
  }

  @Override
  public String allWell() {
    return "no index is the same as another";
  }

  @Override
  public List<Advice> look(Handle handle) {
    return handle
        .createQuery(SQL.get("duplicate"))
        .bind("limit", MAX_FINDINGS)
        .map((row, _) -> advice(row))
        .list();
  }

  private Advice advice(ResultSet row) throws SQLException {
    String finding =
        "index %s on %s (%s) does only what %s does"
            .formatted(
                row.getString("index"),
                row.getString("on_table"),
                Figures.bytes(row.getLong("bytes")),
                row.getString("kept"));
    return Advice.warning(this, finding, Remedy.of(row));
  }
}
