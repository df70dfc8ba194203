package dev.carillon.view.optimisation;

import dev.carillon.postgres.Statements;
import dev.carillon.view.catalog.Catalog;
import dev.carillon.view.job.JobProgress;
import dev.carillon.view.job.JobProgress.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/**
 * Holds {@code job_progress} and what belongs to it against what they should be. Views are compared
 * as PostgreSQL writes them, so that spaces, names of tables in full and the like make no
 * difference: the wanted one is made in a transaction that is undone.
 */
final class ProgressCheck {

  /** The helper views, by name. */
  static final Map<String, Part> HELPERS =
      ordered("active_jobs_progress", Part.ACTIVE_JOBS, "job_statistics", Part.STATISTICS);

  /** The functions, by signature. */
  static final Map<String, Part> FUNCTIONS =
      ordered(
          "refresh_job_progress()",
          Part.REFRESH_FUNCTION,
          "should_refresh_progress(timestamptz)",
          Part.SHOULD_REFRESH_FUNCTION);

  /** Who may use them. */
  static final List<Part> GRANTS =
      List.of(
          Part.VIEW_GRANT,
          Part.ACTIVE_JOBS_GRANT,
          Part.STATISTICS_GRANT,
          Part.REFRESH_FUNCTION_GRANT,
          Part.SHOULD_REFRESH_FUNCTION_GRANT);

  private static final String WANTED = "carillon_wanted";
  private static final Statements SQL = Statements.beside(ProgressCheck.class, "progress_view.sql");

  private ProgressCheck() {}

  /** What is missing or different, after what is so of the view itself. */
  static List<String> differences(Handle handle, List<String> ofView) {
    List<String> found = new ArrayList<>(ofView);
    HELPERS.forEach((name, part) -> {
      if (!isAsItShouldBe(handle, name, part)) {
        found.add(missingOrDifferent(handle, name));
      } else if (!isReadable(handle, name)) {
        found.add(name + " cannot be read by everybody");
      }
    });
    FUNCTIONS.forEach((signature, part) -> {
      if (!hasBody(handle, signature, part)) {
        found.add("function " + signature + " is missing or different");
      }
    });
    if (!isRegistered(handle)) {
      found.add("job_progress is not registered as a view to be kept fresh");
    }
    return found;
  }

  /** Whether the materialized view has the wanted query. */
  static boolean isAsItShouldBe(Handle handle) {
    return definition(handle, JobProgress.NAME.text())
        .equals(wanted(handle, SQL.get("wanted").replace("<query>", JobProgress.query())));
  }

  /** Whether a helper view has the wanted query. */
  static boolean isAsItShouldBe(Handle handle, String name, Part part) {
    return definition(handle, name).equals(wanted(handle, part.sql().replace(name, WANTED)));
  }

  /** Whether a function does what it should. */
  static boolean hasBody(Handle handle, String signature, Part part) {
    String body =
        handle
            .createQuery(SQL.get("function_body"))
            .bind("signature", signature)
            .mapTo(String.class)
            .one();
    return !body.isEmpty() && part.sql().contains("$$" + body + "$$");
  }

  /** The indexes that the materialized view lacks. */
  static List<Part> missingIndexes(Handle handle) {
    List<Part> missing = new ArrayList<>();
    if (!handle.createQuery(SQL.get("has_key")).mapTo(Boolean.class).one()) {
      missing.add(Part.VIEW_INDEX_JOB);
    }
    if (!hasIndex(handle, "progress_percent")) {
      missing.add(Part.VIEW_INDEX_PERCENT);
    }
    if (!hasIndex(handle, "created_at")) {
      missing.add(Part.VIEW_INDEX_CREATED);
    }
    return missing;
  }

  /** What is different about the materialized view itself. */
  static List<String> ofMaterialized(Handle handle) {
    List<String> found = new ArrayList<>();
    if (!isAsItShouldBe(handle)) {
      found.add("job_progress has another definition");
    }
    missingIndexes(handle).forEach(part -> found.add("job_progress lacks an index: " + part.sql()));
    if (!isReadable(handle, JobProgress.NAME.text())) {
      found.add("job_progress cannot be read by everybody");
    }
    if (!handle.createQuery(SQL.get("populated")).mapTo(Boolean.class).one()) {
      found.add("job_progress is not filled");
    }
    return found;
  }

  private static String missingOrDifferent(Handle handle, String name) {
    return exists(handle, name) ? name + " has another definition" : "there is no " + name;
  }

  /** The definition as PostgreSQL writes it; empty where it cannot be made. */
  private static String wanted(Handle handle, String create) {
    return inUndone(
        handle,
        () -> {
          try {
            Patient.run(handle, create);
            return definition(handle, WANTED);
          } catch (JdbiException e) {
            return "cannot be made: " + e.getMessage();
          }
        });
  }

  private static String inUndone(Handle handle, Supplier<String> look) {
    if (handle.isInTransaction()) {
      handle.savepoint(WANTED);
      String result = look.get();
      handle.rollbackToSavepoint(WANTED);
      return result;
    }
    handle.begin();
    String result = look.get();
    handle.rollback();
    return result;
  }

  private static boolean exists(Handle handle, String name) {
    return !definition(handle, name).isEmpty();
  }

  private static String definition(Handle handle, String name) {
    return handle.createQuery(SQL.get("definition")).bind("name", name).mapTo(String.class).one();
  }

  static boolean isReadable(Handle handle, String name) {
    return handle.createQuery(SQL.get("readable")).bind("name", name).mapTo(Boolean.class).one();
  }

  private static boolean isRegistered(Handle handle) {
    return Catalog.find(handle, JobProgress.NAME).isPresent();
  }

  private static boolean hasIndex(Handle handle, String column) {
    return handle
        .createQuery(SQL.get("has_index"))
        .bind("column", column)
        .mapTo(Boolean.class)
        .one();
  }

  private static Map<String, Part> ordered(String first, Part one, String second, Part other) {
    Map<String, Part> map = new LinkedHashMap<>();
    map.put(first, one);
    map.put(second, other);
    return map;
  }
}
