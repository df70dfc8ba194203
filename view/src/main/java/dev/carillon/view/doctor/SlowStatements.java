package dev.carillon.view.doctor;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Statements that take long, where {@code pg_stat_statements} counts them.
 *
 * @param minCalls rarer ones do not matter
 * @param minMean how long they take on average
 */
record SlowStatements(long minCalls, Duration minMean) implements Check {

  private static final String EXTENSION = "pg_stat_statements";

  /** From this version on a statement with parameters can be explained: GENERIC_PLAN. */
  private static final int GENERIC_PLANS = 160000;

  /** How much of a statement is shown. */
  private static final int MAX_TEXT = 200;

  private static final Statements SQL = Statements.beside(SlowStatements.class, "server.sql");

  SlowStatements {
    requireNonNull(minMean, "minMean is null");
  }

  /**
   * Whether statements are counted.
   *
   * @param schema where the extension is, quoted; null if it was not created
   */
  record Extension(
      @Nullable String schema, boolean available, boolean loaded, String libraries, int version) {

    static Extension read(ResultSet row) throws SQLException {
      return new Extension(
          row.getString("schema"),
          row.getBoolean("available"),
          row.getBoolean("loaded"),
          row.getString("libraries"),
          row.getInt("version"));
    }
  }

  record Slow(
      String query, long calls, double meanMillis, double maxMillis, String show, String forget) {

    static Slow read(ResultSet row) throws SQLException {
      return new Slow(
          row.getString("query"),
          row.getLong("calls"),
          row.getDouble("mean_millis"),
          row.getDouble("max_millis"),
          row.getString("show"),
          row.getString("forget"));
    }

    String text() {
      String line = query.replaceAll("\\s+", " ").strip();
      return line.length() <= MAX_TEXT ? line : line.substring(0, MAX_TEXT) + "...";
    }
  }

  @Override
  public String name() {
    return "slow-statements";
  }

  @Override
  public String reason() {
    return "What takes long holds a connection and a snapshot for as long.";
  }

  @Override
  public String allWell() {
    return "no statement takes %s on average"
        .formatted(Figures.millis((double) minMean.toMillis()));
  }

  @Override
  public List<Advice> look(Handle handle) {
    Extension extension =
        handle
            .createQuery(SQL.get("statements_extension"))
            .map((row, _) -> Extension.read(row))
            .one();
    String schema = extension.schema();
    if (schema == null || !extension.loaded()) {
      return List.of(missing(extension));
    }
    List<Advice> found = new ArrayList<>();
    handle
        .createQuery(SQL.get("slow_statements"))
        .define("schema", schema)
        .bind("quoted", schema)
        .bind("min_calls", minCalls)
        .bind("min_millis", minMean.toMillis())
        .bind("limit", MAX_FINDINGS)
        .map((row, _) -> judge(Slow.read(row), extension.version()))
        .forEach(found::add);
    long hidden =
        handle
            .createQuery(SQL.get("hidden_statements"))
            .define("schema", schema)
            .mapTo(Long.class)
            .one();
    if (hidden > 0) {
      String finding = Figures.count(hidden, "statement") + " of other roles cannot be seen";
      found.add(Advice.info(this, finding, List.of(Doctor.grant(handle))));
    }
    return found;
  }

  Advice judge(Slow one, int version) {
    String finding =
        "%s on average, %s at most, %s: %s"
            .formatted(
                Figures.millis(one.meanMillis()),
                Figures.millis(one.maxMillis()),
                Figures.count(one.calls(), "call"),
                one.text());
    String look = version >= GENERIC_PLANS ? "EXPLAIN (GENERIC_PLAN) " + one.query() : one.show();
    return Advice.warning(this, finding, Remedy.sql(look, one.forget()));
  }

  Advice missing(Extension extension) {
    List<Remedy> steps = new ArrayList<>();
    if (!extension.available()) {
      return Advice.info(
          this,
          "pg_stat_statements is not installed on the server: its package is postgresql-contrib",
          steps);
    }
    if (!extension.loaded()) {
      String libraries = extension.libraries();
      String all = libraries.isBlank() ? EXTENSION : libraries + ", " + EXTENSION;
      steps.addAll(
          Remedy.sql(
              "ALTER SYSTEM SET shared_preload_libraries = %s"
                  .formatted(all.replace("'", "''").transform(SlowStatements::listed))));
      steps.addAll(Remedy.command("pg_ctl restart"));
    }
    if (extension.schema() == null) {
      steps.addAll(Remedy.sql("CREATE EXTENSION IF NOT EXISTS " + EXTENSION));
    }
    return Advice.info(this, "statements are not counted: pg_stat_statements is not set up", steps);
  }

  /** The setting is a list: each name is a string of its own. */
  private static String listed(String names) {
    return "'" + String.join("', '", names.split("\\s*,\\s*")) + "'";
  }
}
