package dev.carillon.view.doctor;

import dev.carillon.postgres.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Tables with many dead rows. Space that is free inside a table is not seen: that needs {@code
 * pgstattuple}.
 *
 * @param minDead fewer dead rows do not matter
 * @param maxShare how many of a table's rows may be dead
 */
record Bloat(long minDead, double maxShare) implements Check {

  /** How far past the point where autovacuum should begin a table counts as left behind. */
  static final int BEHIND = 2;

  private static final Statements SQL = Statements.beside(Bloat.class, "tables.sql");

  record Dead(
      String table,
      long live,
      long dead,
      boolean vacuumed,
      long bytes,
      long dueAt,
      List<Remedy> remedies) {

    static Dead read(ResultSet row) throws SQLException {
      return new Dead(
          row.getString("on_table"),
          row.getLong("live"),
          row.getLong("dead"),
          row.getTimestamp("vacuumed_at") != null,
          row.getLong("bytes"),
          row.getLong("due_at"),
          Remedy.of(row));
    }

    double share() {
      return (double) dead / Math.max(1, dead + live);
    }
  }

  @Override
  public String name() {
    return "bloat";
  }

  @Override
  public String reason() {
    return "Dead rows are read by every scan and fill memory and disk.";
  }

  @Override
  public String allWell() {
    return "no table has many dead rows";
  }

  @Override
  public List<Advice> look(Handle handle) {
    return handle
        .createQuery(SQL.get("bloat"))
        .bind("min_dead", minDead)
        .bind("limit", MAX_FINDINGS)
        .map((row, _) -> judge(Dead.read(row)))
        .list()
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  Optional<Advice> judge(Dead one) {
    boolean behind = one.dead() > BEHIND * one.dueAt();
    if (one.share() <= maxShare && !behind) {
      return Optional.empty();
    }
    String finding =
        "%s of %s (%s, %s) are dead%s%s; where a vacuum removes none, see old-snapshots"
            .formatted(
                Figures.count(one.dead(), "row"),
                one.table(),
                Figures.percent(one.share()),
                Figures.bytes(one.bytes()),
                behind ? "; autovacuum should have begun at " + Figures.count(one.dueAt()) : "",
                one.vacuumed() ? "" : "; it was never vacuumed");
    return Optional.of(Advice.warning(this, finding, one.remedies()));
  }
}
