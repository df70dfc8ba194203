package dev.carillon.view.job;

import dev.carillon.postgres.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The table of jobs, within the caller's transaction. */
public final class JobTables {

  private static final Statements SQL = Statements.beside(JobTables.class, "jobs.sql");

  private JobTables() {}

  /**
   * Adds a job.
   *
   * @param prefix empty for the whole bucket
   * @param executionArn null if there is none
   */
  public static void add(
      Handle handle, UUID id, String bucket, String prefix, @Nullable String executionArn) {
    handle
        .createUpdate(SQL.get("add"))
        .bind("id", id)
        .bind("bucket", bucket)
        .bind("prefix", prefix)
        .bind("execution_arn", executionArn)
        .execute();
  }

  /** A job. */
  public static Optional<Job> find(Handle handle, UUID id) {
    return handle.createQuery(SQL.get("find")).bind("id", id).map((row, _) -> job(row)).findOne();
  }

  /** Deletes a job with its objects and findings; false if there was none. */
  public static boolean delete(Handle handle, UUID id) {
    return handle.createUpdate(SQL.get("delete")).bind("id", id).execute() == 1;
  }

  /**
   * Jobs, newest first.
   *
   * @param after the last of the page before; null for the first page
   * @param bucket only those of this bucket; null for all
   */
  static List<Job> page(
      Handle handle, JobPage.@Nullable Cursor after, int limit, @Nullable String bucket) {
    return handle
        .createQuery(SQL.get("page"))
        .bind("created_at", after == null ? null : after.createdAt().atOffset(ZoneOffset.UTC))
        .bind("id", after == null ? null : after.id())
        .bind("limit", limit)
        .bind("bucket", bucket)
        .map((row, _) -> job(row))
        .list();
  }

  /** A job of a row; tables made by hand allow what ours do not. */
  static Job job(ResultSet row) throws SQLException {
    String prefix = row.getString("prefix");
    Instant created = orEpoch(row, "created_at");
    return new Job(
        row.getObject("job_id", UUID.class),
        row.getString("bucket"),
        prefix == null ? "" : prefix,
        row.getString("execution_arn"),
        created,
        orEpoch(row, "updated_at"));
  }

  private static Instant orEpoch(ResultSet row, String column) throws SQLException {
    OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
    return value == null ? Instant.EPOCH : value.toInstant();
  }
}
