package dev.carillon.view.job;

import dev.carillon.postgres.Database;
import dev.carillon.view.catalog.Catalog;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A database with jobs, for tests. */
public final class JobFixture {

  private JobFixture() {}

  /** Makes {@code job_progress} with all that belongs to it, not filled yet, and registers it. */
  public static void makeView(Database database) {
    database
        .jdbi()
        .useHandle(handle -> {
          for (JobProgress.Part part : JobProgress.Part.values()) {
            handle
                .createUpdate("<sql>")
                .define("sql", part.sql().replace("::", "\\:\\:"))
                .execute();
          }
          Catalog.insert(handle, JobProgress.registration(Instant.parse("2026-01-01T00:00:00Z")));
        });
  }

  /** Makes jobs old enough for the view to answer for them. */
  public static void age(Database database) {
    database
        .jdbi()
        .useHandle(handle ->
            handle.execute("UPDATE jobs SET created_at = created_at - interval '1 hour'"));
  }

  /** The rows of a query, in order of their jobs. */
  public static List<Map<String, Object>> rows(Database database, String query) {
    return database
        .jdbi()
        .withHandle(handle ->
            handle.select("SELECT * FROM (" + query + ") q ORDER BY job_id").mapToMap().list());
  }
}
