package dev.carillon.view.optimisation;

import static java.util.stream.Collectors.joining;

import dev.carillon.postgres.Statements;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * What belongs to {@code job_progress} whatever its form: helper views, functions, grants. Within
 * the caller's transaction.
 */
final class ProgressParts {

  private static final Statements SQL = Statements.beside(ProgressParts.class, "progress_view.sql");

  private ProgressParts() {}

  /** Keeps others from doing the same until the transaction ends. */
  static void lock(Handle handle) {
    handle.createQuery(SQL.get("lock")).mapTo(Boolean.class).one();
  }

  /** Makes what is missing or different. */
  static void make(Handle handle) {
    ProgressCheck.HELPERS.forEach((name, part) -> {
      if (!ProgressCheck.isAsItShouldBe(handle, name, part)) {
        Remaking.view(handle, name, part.sql());
      }
    });
    ProgressCheck.FUNCTIONS.forEach((signature, part) -> {
      if (!ProgressCheck.hasBody(handle, signature, part)) {
        Remaking.function(handle, signature, part.sql());
      }
    });
    ProgressCheck.GRANTS.forEach(part -> Patient.run(handle, part.sql()));
  }

  /** Drops the helper views: the view itself cannot be dropped before. */
  static void dropViews(Handle handle) {
    drop(handle, "drop_active", "drop_statistics");
  }

  /** Drops all of it. */
  static void drop(Handle handle) {
    drop(handle, "drop_active", "drop_statistics", "drop_refresh", "drop_should_refresh");
  }

  /**
   * Refuses where others made views of it.
   *
   * @throws IllegalStateException naming these
   */
  static void refuseOthers(Handle handle, String what) {
    String others =
        Replacement.dependantNames(handle).stream()
            .filter(name -> !ProgressCheck.HELPERS.containsKey(name))
            .collect(joining(", "));
    if (!others.isEmpty()) {
      throw new IllegalStateException(
          "job_progress cannot be %s: these are made of it: %s".formatted(what, others));
    }
  }

  private static void drop(Handle handle, String... names) {
    List.of(names).forEach(name -> Patient.run(handle, SQL.get(name)));
  }
}
