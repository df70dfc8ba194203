package dev.carillon.view.optimisation;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Statements;
import dev.carillon.view.job.JobProgress;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Puts the copy of {@code job_objects} in its place, in one transaction, with all that belongs to
 * it. Readers and writers wait while the last changes are taken over and names change: as long as
 * the report says.
 */
final class ObjectsSwap {

  private static final Statements SQL = Statements.beside(ObjectsSwap.class, "objects_table.sql");

  private final ObjectsCopy.Columns columns;
  private final OffsetDateTime asOf;
  private final Progress progress;

  /**
   * A swap to come.
   *
   * @param asOf what was committed before then is in the copy
   */
  ObjectsSwap(ObjectsCopy.Columns columns, OffsetDateTime asOf, Progress progress) {
    this.columns = requireNonNull(columns, "columns is null");
    this.asOf = requireNonNull(asOf, "asOf is null");
    this.progress = requireNonNull(progress, "progress is null");
  }

  private record View(String lock, String make) {}

  private record Referrer(String drop, String make, String validate) {}

  void run(Jdbi jdbi) {
    List<String> validations = new ArrayList<>();
    Patient.inTransaction(
        jdbi,
        handle -> {
          List<Replacement> views = new ArrayList<>();
          if (ProgressView.isMaterialized(handle)) {
            progress.say("  filling job_progress from the copy");
            String query =
                JobProgress.query().replaceAll("\\bjob_objects\\b", "carillon_job_objects_next");
            views.add(Replacement.prepare(handle, query));
          }
          Patient.locking(
              handle,
              locked -> {
                long start = System.nanoTime();
                validations.clear();
                validations.addAll(swap(locked, views));
                progress.say("  others waited for " + since(start) + " ms at most");
              });
        });
    validations.forEach(sql -> Patient.alone(jdbi, handle -> Patient.run(handle, sql)));
  }

  private List<String> swap(Handle handle, List<Replacement> progressViews) {
    handle.createQuery(SQL.get("lock_keyed")).mapTo(Long.class).one();
    progressViews.forEach(Replacement::swap);
    List<View> views =
        handle
            .createQuery(SQL.get("views"))
            .map((row, _) -> new View(row.getString("lock"), row.getString("make")))
            .list();
    views.forEach(view -> Patient.run(handle, view.lock()));
    Patient.run(handle, SQL.get("lock"));
    // No waiting once readers and writers wait: with them it could be for each other.
    Patient.run(handle, list(handle, "neighbours"));
    Patient.run(handle, SQL.get("no_deferring"));
    int changes = ObjectsCopy.takeChanges(handle, columns);
    progress.say("  took over the last %d changes".formatted(changes));
    List<String> belongings = list(handle, "belongings");
    List<String> autovacuum = list(handle, "switch_autovacuum_on");
    List<String> renames = new ArrayList<>(renames(handle, "constraints"));
    renames.addAll(renames(handle, "indexes"));
    List<Referrer> referrers =
        handle
            .createQuery(SQL.get("referrers"))
            .map((row, _) ->
                new Referrer(
                    row.getString("drop"), row.getString("make"), row.getString("validate")))
            .list();
    referrers.forEach(one -> Patient.run(handle, one.drop()));
    exchange(handle, views);
    Patient.run(handle, renames);
    Patient.run(handle, autovacuum);
    Patient.run(handle, belongings);
    referrers.forEach(one -> Patient.run(handle, one.make()));
    handle.createUpdate(SQL.get("age_log")).bind("as_of", asOf).execute();
    return referrers.stream().map(Referrer::validate).toList();
  }

  private static void exchange(Handle handle, List<View> views) {
    Patient.run(handle, SQL.get("clean_triggers"));
    Patient.run(handle, SQL.get("move_away"));
    Patient.run(handle, SQL.get("move_in"));
    Patient.run(handle, SQL.get("move_keyed"));
    views.reversed().forEach(view -> Patient.run(handle, view.make()));
    Patient.run(handle, SQL.get("drop_before"));
    Patient.run(handle, SQL.get("clean_functions"));
    Patient.run(handle, SQL.get("clean_tables"));
  }

  private static List<String> renames(Handle handle, String name) {
    return handle.createQuery(SQL.get(name)).map((row, _) -> row.getString("rename")).list();
  }

  private static List<String> list(Handle handle, String name) {
    return handle.createQuery(SQL.get(name)).mapTo(String.class).list();
  }

  private static long since(long start) {
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }
}
