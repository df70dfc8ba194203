package dev.carillon.view.job;

import dev.carillon.postgres.Statements;
import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import dev.carillon.view.catalog.RegisteredView;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** The view {@code job_progress}, and the SQL of what belongs to it, by name. */
public final class JobProgress {

  /** What it is called. */
  public static final ViewName NAME = new ViewName("job_progress");

  /** Its key. */
  public static final List<String> KEY = List.of("job_id");

  private static final Statements SQL = Statements.beside(JobProgress.class, "job_progress.sql");

  private JobProgress() {}

  /** An index, a view, a function or a grant that belongs to it. */
  public enum Part {
    INDEX_JOB_STATUS,
    INDEX_JOB_UPDATED,
    INDEX_BUCKET_KEY,
    INDEX_FINDINGS,
    INDEX_JOBS,
    VIEW,
    VIEW_INDEX_JOB,
    VIEW_INDEX_PERCENT,
    VIEW_INDEX_CREATED,
    VIEW_GRANT,
    ACTIVE_JOBS,
    ACTIVE_JOBS_GRANT,
    STATISTICS,
    STATISTICS_GRANT,
    REFRESH_FUNCTION,
    REFRESH_FUNCTION_GRANT,
    SHOULD_REFRESH_FUNCTION,
    SHOULD_REFRESH_FUNCTION_GRANT;

    /**
     * The statement that makes it. Those of indexes on tables are not for use in a transaction:
     * they are made {@code CONCURRENTLY}.
     */
    public String sql() {
      String sql = SQL.get(name().toLowerCase(Locale.ROOT));
      return this == VIEW ? sql.replace("<query>", query()) : sql;
    }
  }

  /** The query of the materialized view. */
  public static String query() {
    return SQL.get("query");
  }

  /** The same query in the form that a ledger can keep; same columns, same rows. */
  public static String incrementalQuery() {
    return SQL.get("query_incremental");
  }

  /** Its registration as a materialized view that is refreshed once a minute. */
  public static RegisteredView registration(Instant createdAt) {
    return new RegisteredView(
        NAME,
        Tier.FULL,
        query(),
        KEY,
        RegisteredView.DEFAULT_INTERVAL,
        RegisteredView.DEFAULT_OBJECTIVE,
        createdAt);
  }
}
