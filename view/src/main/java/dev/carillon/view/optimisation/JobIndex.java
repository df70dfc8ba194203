package dev.carillon.view.optimisation;

import dev.carillon.postgres.Statements;
import dev.carillon.view.job.JobProgress;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * An index that the progress of jobs is counted with. Any valid index that begins with its columns
 * does as well, whatever it is called: B-trees are read in both directions.
 */
public enum JobIndex {
  /** Counts of one job by status. */
  JOB_STATUS(JobProgress.Part.INDEX_JOB_STATUS, "job_objects", "job_id, status"),
  /** The last change of one job. */
  JOB_UPDATED(JobProgress.Part.INDEX_JOB_UPDATED, "job_objects", "job_id, updated_at"),
  /** Jobs of one object. */
  BUCKET_KEY(JobProgress.Part.INDEX_BUCKET_KEY, "job_objects", "bucket, key, job_id"),
  /** Findings of one job by detector. */
  FINDINGS(JobProgress.Part.INDEX_FINDINGS, "findings", "job_id, detector"),
  /** The newest jobs. */
  JOBS(JobProgress.Part.INDEX_JOBS, "jobs", "created_at, job_id");

  private static final Statements SQL = Statements.beside(JobIndex.class, "job_indexes.sql");

  private final JobProgress.Part part;
  private final String table;
  private final String columns;

  JobIndex(JobProgress.Part part, String table, String columns) {
    this.part = part;
    this.table = table;
    this.columns = columns;
  }

  /** The table it is on. */
  public String table() {
    return table;
  }

  /** Its columns, in order. */
  public List<String> columns() {
    return List.of(columns.split(", "));
  }

  /** The statement that makes it; not for use in a transaction. */
  public String sql() {
    return part.sql();
  }

  /** What it is called where we make it. */
  String indexName() {
    return sql().replaceFirst("(?s)^.* EXISTS (\\w+) ON .*$", "$1");
  }

  /** Whether an index of these columns on this table serves as one of them. */
  public static boolean isOne(String table, List<String> columns) {
    return Stream.of(values())
        .anyMatch(one -> one.table.equals(table) && startsWith(columns, one.columns()));
  }

  /** Those that are missing although their table is there. */
  public static List<JobIndex> missing(Handle handle) {
    return Stream.of(values()).filter(one -> one.isMissing(handle)).toList();
  }

  private boolean isMissing(Handle handle) {
    return handle
        .createQuery(SQL.get("missing"))
        .bind("table", table)
        .bindArray("columns", String.class, columns().toArray())
        .mapTo(Boolean.class)
        .one();
  }

  private static boolean startsWith(List<String> columns, List<String> first) {
    return columns.size() >= first.size() && columns.subList(0, first.size()).equals(first);
  }
}
