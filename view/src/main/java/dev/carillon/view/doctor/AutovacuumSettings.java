package dev.carillon.view.doctor;

import dev.carillon.postgres.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Handle;

/**
 * Autovacuum that is off, or set for smaller tables than there are.
 *
 * @param minRows from how many rows on a table needs a setting of its own
 * @param maxScale how much of such a table may be dead before autovacuum begins
 */
record AutovacuumSettings(long minRows, double maxScale) implements Check {

  /** How much of a large table may be dead, as advised. */
  static final double ADVISED_SCALE = 0.02;

  private static final Statements SQL = Statements.beside(AutovacuumSettings.class, "tables.sql");

  record Settings(String table, long rows, boolean enabled, double scale, String alter) {

    static Settings read(ResultSet row) throws SQLException {
      return new Settings(
          row.getString("on_table"),
          row.getLong("rows"),
          row.getBoolean("enabled"),
          row.getDouble("scale"),
          row.getString("alter"));
    }
  }

  @Override
  public String name() {
    return "autovacuum-settings";
  }

  @Override
  public String reason() {
    return "Autovacuum removes dead rows, keeps statistics true and transaction ids from running out.";
  }

  @Override
  public String allWell() {
    return "autovacuum is on, also for large tables";
  }

  @Override
  public List<Advice> look(Handle handle) {
    List<Advice> found = new ArrayList<>(server(handle));
    handle
        .createQuery(SQL.get("autovacuum_of_tables"))
        .bind("min_rows", minRows)
        .bind("max_scale", maxScale)
        .bind("limit", MAX_FINDINGS)
        .map((row, _) -> judge(Settings.read(row)))
        .forEach(found::add);
    return found;
  }

  private List<Advice> server(Handle handle) {
    return handle
        .createQuery(SQL.get("autovacuum"))
        .map((row, _) -> judge(row.getBoolean("running"), row.getBoolean("counting")))
        .one();
  }

  List<Advice> judge(boolean running, boolean counting) {
    List<Advice> found = new ArrayList<>();
    if (!running) {
      found.add(off("autovacuum is off for the whole server", "autovacuum"));
    }
    if (!counting) {
      found.add(off("track_counts is off: autovacuum cannot know what to do", "track_counts"));
    }
    return found;
  }

  Advice judge(Settings one) {
    if (!one.enabled()) {
      return Advice.problem(
          this,
          "autovacuum is switched off for " + one.table(),
          Remedy.sql(one.alter() + " RESET (autovacuum_enabled)"));
    }
    String finding =
        "%s (%s) is vacuumed only after %s dead rows"
            .formatted(
                one.table(),
                Figures.count(one.rows(), "row"),
                Figures.count((long) (one.rows() * one.scale())));
    return Advice.warning(
        this,
        finding,
        Remedy.sql(
            String.format(
                Locale.ROOT,
                "%s SET (autovacuum_vacuum_scale_factor = %s, autovacuum_analyze_scale_factor = %s)",
                one.alter(),
                ADVISED_SCALE,
                ADVISED_SCALE)));
  }

  private Advice off(String finding, String setting) {
    return Advice.problem(
        this,
        finding,
        Remedy.sql("ALTER SYSTEM SET %s = on".formatted(setting), "SELECT pg_reload_conf()"));
  }
}
