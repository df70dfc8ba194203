package dev.carillon.view.optimisation;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import dev.carillon.postgres.Statements;
import dev.carillon.view.catalog.RefreshLog;
import dev.carillon.view.job.JobProgress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Puts a new {@code job_progress} in the place of another, within one transaction: the new one is
 * filled beside the old one, and only then, for an instant, readers wait. Views that are made of it
 * go on as they are, with their owners and grants.
 */
final class Replacement {

  /** What the new view is called until it is in its place. */
  static final String NEXT = "carillon_job_progress_next";

  private static final String NAME = JobProgress.NAME.text();

  private static final List<JobProgress.Part> INDEXES =
      List.of(
          JobProgress.Part.VIEW_INDEX_JOB,
          JobProgress.Part.VIEW_INDEX_PERCENT,
          JobProgress.Part.VIEW_INDEX_CREATED);

  private static final Statements SQL = Statements.beside(Replacement.class, "progress_view.sql");

  private final Handle handle;
  private final List<OtherIndex> others;

  private Replacement(Handle handle, List<OtherIndex> others) {
    this.handle = handle;
    this.others = others;
  }

  /** A view that is made of the replaced one. */
  private record Dependant(String name, boolean plain, String lock, String make) {

    Dependant {
      requireNonNull(name, "name is null");
    }

    static Dependant read(ResultSet row) throws SQLException {
      return new Dependant(
          row.getString("name"),
          row.getBoolean("plain"),
          row.getString("lock"),
          row.getString("make"));
    }
  }

  private record OtherIndex(String make, String rename) {}

  /**
   * Makes and fills the new view. Locks nothing that readers or writers need.
   *
   * @param query what it shows
   */
  static Replacement prepare(Handle handle, String query) {
    refuseWhatCannotBeRemade(handle);
    Patient.run(handle, SQL.get("drop_next"));
    Patient.run(
        handle,
        JobProgress.Part.VIEW
            .sql()
            .replace(JobProgress.query(), query)
            .replace(" " + NAME + " ", " " + NEXT + " ")
            .replace("WITH NO DATA", "WITH DATA"));
    INDEXES.forEach(index -> Patient.run(handle, nextOf(index.sql())));
    List<OtherIndex> others =
        handle
            .createQuery(SQL.get("other_indexes"))
            .bind("name", NAME)
            .bind("next", NEXT)
            .map((row, _) -> new OtherIndex(row.getString("make"), row.getString("rename")))
            .list();
    others.forEach(index -> Patient.run(handle, index.make()));
    Patient.run(
        handle,
        handle
            .createQuery(SQL.get("rights"))
            .bind("name", NAME)
            .bind("next", NEXT)
            .mapTo(String.class)
            .list());
    Patient.run(handle, nextOf(JobProgress.Part.VIEW_GRANT.sql()));
    return new Replacement(handle, others);
  }

  /** Puts the new view in its place, and writes the log of refreshes. Needs strong locks. */
  void swap() {
    List<Dependant> dependants = dependants(handle);
    dependants.forEach(one -> Patient.run(handle, one.lock()));
    Patient.run(handle, SQL.get("move_away"));
    Patient.run(handle, SQL.get("move_in"));
    dependants.reversed().forEach(one -> remake(handle, one));
    Patient.run(handle, SQL.get("drop_before"));
    List.of("name_job", "name_percent", "name_created")
        .forEach(name -> Patient.run(handle, SQL.get(name)));
    others.forEach(index -> Patient.run(handle, index.rename()));
    log();
  }

  private void log() {
    handle
        .createQuery(SQL.get("totals"))
        .map((row, _) ->
            RefreshLog.write(
                handle,
                JobProgress.NAME,
                Duration.ofMillis(row.getLong("millis")),
                row.getLong("jobs"),
                row.getLong("objects")))
        .one();
  }

  /** Ours is made as it should be, whatever it was; others' views stay as they were. */
  private static void remake(Handle handle, Dependant view) {
    for (JobProgress.Part ours :
        List.of(JobProgress.Part.ACTIVE_JOBS, JobProgress.Part.STATISTICS)) {
      if (ours.sql().contains(" VIEW " + view.name() + " ")) {
        Remaking.view(handle, view.name(), ours.sql());
        return;
      }
    }
    Patient.run(handle, view.make());
  }

  private static void refuseWhatCannotBeRemade(Handle handle) {
    String obstacles =
        dependants(handle).stream()
            .filter(one -> !one.plain())
            .map(Dependant::name)
            .collect(joining(", "));
    if (!obstacles.isEmpty()) {
      throw new IllegalStateException(
          "job_progress must be replaced, but these are made of it and hold data of their own: %s. Drop them, migrate, and make them again"
              .formatted(obstacles));
    }
  }

  static List<String> dependantNames(Handle handle) {
    return dependants(handle).stream().map(Dependant::name).toList();
  }

  private static List<Dependant> dependants(Handle handle) {
    return handle
        .createQuery(SQL.get("dependants"))
        .bind("name", NAME)
        .map((row, _) -> Dependant.read(row))
        .list();
  }

  private static String nextOf(String sql) {
    return sql.replace("ON " + NAME + " ", "ON " + NEXT + " ")
        .replace("idx_" + NAME, "carillon_next_idx_" + NAME);
  }
}
