package dev.carillon.view.doctor;

import dev.carillon.postgres.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** What suits as many objects as there are. */
record JobSize() implements Check {

  /** Below this many objects nothing has to be done. */
  static final long SMALL = 100_000;

  /** Below this many a refresh of the whole view takes about a second. */
  static final long MEDIUM = 1_000_000;

  /** Above this many the table is better kept in parts. */
  static final long HUGE = 10_000_000;

  private static final Statements SQL = Statements.beside(JobSize.class, "tables.sql");

  /**
   * The table of objects.
   *
   * @param recounted whether the progress of jobs is a materialized view
   */
  record Objects(boolean partitioned, boolean recounted, long rows) {

    static Objects read(ResultSet row) throws SQLException {
      return new Objects(
          row.getBoolean("partitioned"), row.getBoolean("recounted"), row.getLong("rows"));
    }
  }

  @Override
  public String name() {
    return "job-size";
  }

  @Override
  public String reason() {
    return "A full refresh costs what the table is large, an incremental view what has changed.";
  }

  @Override
  public String allWell() {
    return "there are no jobs here, or they are kept as suits their number";
  }

  @Override
  public List<Advice> look(Handle handle) {
    return handle
        .createQuery(SQL.get("job_objects"))
        .map((row, _) -> judge(Objects.read(row)))
        .list();
  }

  Advice judge(Objects objects) {
    String size = "job_objects has about " + Figures.count(objects.rows(), "row");
    if (objects.rows() < SMALL) {
      return Advice.info(this, size + ": the view and its indexes as they are will do", List.of());
    }
    if (objects.rows() < MEDIUM) {
      return Advice.info(
          this,
          size + ": keep the indexes, refresh each minute, and let autovacuum do the rest",
          objects.recounted() ? Remedy.command("carillon migrate 002_job_indexes") : List.of());
    }
    if (objects.rows() >= HUGE && !objects.partitioned()) {
      return Advice.warning(
          this,
          size + ": in hash partitions by job, vacuums and index builds take a part at a time",
          Remedy.command("carillon migrate 004_partition_job_objects"));
    }
    return objects.recounted()
        ? Advice.warning(
            this,
            size + ": each refresh counts all of them; an incremental view counts what changed",
            Remedy.command("carillon migrate 005_incremental_job_progress"))
        : new Advice(name(), Severity.OK, size + ", kept as suits that", reason(), List.of());
  }
}
