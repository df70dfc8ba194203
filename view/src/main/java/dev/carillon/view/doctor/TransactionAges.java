package dev.carillon.view.doctor;

import dev.carillon.postgres.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Tables whose oldest rows come near the end of the transaction ids.
 *
 * @param warnAt from how many transactions on autovacuum is clearly late
 * @param alarmAt from how many on there is danger: PostgreSQL stops writing at 2,147 million
 */
record TransactionAges(long warnAt, long alarmAt) implements Check {

  private static final Statements SQL = Statements.beside(TransactionAges.class, "tables.sql");

  record Age(String table, long transactions, long multixacts, List<Remedy> remedies) {

    static Age read(ResultSet row) throws SQLException {
      return new Age(
          row.getString("on_table"),
          row.getLong("transactions"),
          row.getLong("multixacts"),
          Remedy.of(row));
    }
  }

  @Override
  public String name() {
    return "transaction-ages";
  }

  @Override
  public String reason() {
    return "When transaction ids run out, PostgreSQL accepts no more writes until all is frozen.";
  }

  @Override
  public String allWell() {
    return "no table's oldest row is %s transactions old".formatted(Figures.count(warnAt));
  }

  @Override
  public List<Advice> look(Handle handle) {
    return handle
        .createQuery(SQL.get("transaction_ages"))
        .bind("min_age", warnAt)
        .bind("limit", MAX_FINDINGS)
        .map((row, _) -> judge(Age.read(row)))
        .list();
  }

  Advice judge(Age one) {
    String finding =
        "the oldest rows of %s are %s and %s old"
            .formatted(
                one.table(),
                Figures.count(one.transactions(), "transaction"),
                Figures.count(one.multixacts(), "multixact"));
    return Math.max(one.transactions(), one.multixacts()) >= alarmAt
        ? Advice.problem(this, finding, one.remedies())
        : Advice.warning(this, finding, one.remedies());
  }
}
