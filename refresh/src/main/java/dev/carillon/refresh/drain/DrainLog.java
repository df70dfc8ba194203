package dev.carillon.refresh.drain;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The drains of the last days: the table {@code refresh_drain}. Safe for use by many threads. */
public final class DrainLog {

  /** How long a drain is remembered. */
  public static final Duration KEPT = Duration.ofDays(30);

  /** The most drains of one call. */
  public static final int MAX_PAGE = 1_000;

  static final Statements SQL = Statements.beside(DrainLog.class, "drains.sql");

  private final Jdbi jdbi;

  /** The drains of a database that has been migrated. */
  public DrainLog(Jdbi jdbi) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
  }

  /** The last drains of a source, the newest first. */
  public List<PastDrain> last(String source, int most) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("last"))
            .bind("source", source)
            .bind("most", Math.clamp(most, 0, MAX_PAGE))
            .map((row, _) -> drain(row))
            .list());
  }

  /**
   * Forgets what is older than {@link #KEPT}, some at a time.
   *
   * @return how many
   */
  public int forget(Instant now) {
    int all = 0;
    int batch;
    do {
      batch =
          jdbi.withHandle(handle ->
              handle
                  .createUpdate(SQL.get("forget"))
                  .bind("before", now.minus(KEPT))
                  .bind("most", MAX_PAGE)
                  .execute());
      all += batch;
    } while (batch == MAX_PAGE);
    return all;
  }

  long begin(String source, Instant now) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("begin"))
            .bind("source", source)
            .bind("now", now)
            .mapTo(Long.class)
            .one());
  }

  void end(long id, DrainReport report, Instant now) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(SQL.get("end"))
            .bind("id", id)
            .bind("now", now)
            .bind("ended", report.ended().name())
            .bind("detail", report.detail())
            .bind("processed", report.processed())
            .bind("failed", report.failures())
            .bind("dropped", report.dropped())
            .bind("calls", report.calls())
            .bind("calls_second", report.callsPerSecond())
            .execute());
  }

  private static PastDrain drain(ResultSet row) throws SQLException {
    OffsetDateTime endedAt = row.getObject("ended_at", OffsetDateTime.class);
    @Nullable String ended = row.getString("ended");
    return new PastDrain(
        row.getLong("id"),
        row.getString("source"),
        row.getObject("started_at", OffsetDateTime.class).toInstant(),
        endedAt == null ? null : endedAt.toInstant(),
        ended == null ? null : Ended.valueOf(ended),
        row.getString("detail"),
        row.getLong("processed"),
        row.getLong("failed"),
        row.getLong("dropped"),
        row.getLong("calls"),
        row.getDouble("calls_second"));
  }
}
