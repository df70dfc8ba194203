package dev.carillon.view.job;

import dev.carillon.view.Tier;
import dev.carillon.view.catalog.DataSource;
import dev.carillon.view.catalog.Freshness;
import dev.carillon.view.catalog.Refreshed;
import dev.carillon.view.catalog.RegisteredView;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows to jobs with their progress. */
final class JobRows {

  private JobRows() {}

  /** A row of the view. */
  sealed interface Row {

    /** Which job's. */
    UUID id();
  }

  /** A row that answers. */
  record Usable(JobReading reading) implements Row {
    @Override
    public UUID id() {
      return reading.job().id();
    }
  }

  /** A row that does not answer, and why: the tables are to be counted instead. */
  record Unusable(UUID id, String why) implements Row {}

  static JobReading live(ResultSet row, @Nullable String reason) throws SQLException {
    Instant now = instant(row, "read_at");
    return new JobReading(
        JobTables.job(row), progress(row), Freshness.live(now, objective(row), reason));
  }

  static Row cached(ResultSet row) throws SQLException {
    String word = row.getString("tier");
    Tier tier = word == null ? Tier.FULL : Tier.valueOf(word);
    Job job = JobTables.job(row);
    Instant now = instant(row, "read_at");
    Instant asOf = asOf(row, tier, now);
    if (asOf == null) {
      return new Unusable(job.id(), "no refresh of job_progress is on record");
    }
    if (tier == Tier.FULL && isYoung(row, job, now)) {
      return new Unusable(job.id(), "the job is younger than the interval of job_progress");
    }
    Freshness freshness =
        tier == Tier.FULL
            ? Freshness.filled(last(row, asOf), objective(row), now)
            : kept(row, tier, asOf, now);
    return new Usable(new JobReading(job, progress(row), freshness));
  }

  private static @Nullable Instant asOf(ResultSet row, Tier tier, Instant now) throws SQLException {
    return switch (tier) {
      case LEDGER -> now;
      case KEYED -> orNull(row, "proven_at");
      case FULL -> orNull(row, "last_refreshed_at");
    };
  }

  private static boolean isYoung(ResultSet row, Job job, Instant now) throws SQLException {
    Duration interval = duration(row, "interval_millis", RegisteredView.DEFAULT_INTERVAL);
    return Duration.between(job.createdAt(), now).compareTo(interval) < 0;
  }

  private static Refreshed last(ResultSet row, Instant at) throws SQLException {
    Long millis = row.getObject("refresh_duration_ms", Long.class);
    return new Refreshed(
        JobProgress.NAME, at, millis == null ? null : Duration.ofMillis(millis), null, null);
  }

  private static Freshness kept(ResultSet row, Tier tier, Instant asOf, Instant now)
      throws SQLException {
    return new Freshness(
        DataSource.CACHED,
        tier,
        asOf,
        null,
        asOf,
        asOf.isAfter(now) ? Duration.ZERO : Duration.between(asOf, now),
        row.getBoolean("exact"),
        null,
        objective(row),
        row.getString("reason"));
  }

  private static Progress progress(ResultSet row) throws SQLException {
    return new Progress(
        row.getLong("total_objects"),
        row.getLong("queued_count"),
        row.getLong("processing_count"),
        row.getLong("succeeded_count"),
        row.getLong("failed_count"),
        row.getLong("total_findings"),
        row.getBigDecimal("progress_percent"),
        orNull(row, "last_object_update"));
  }

  private static Duration objective(ResultSet row) throws SQLException {
    return duration(row, "objective_millis", RegisteredView.DEFAULT_OBJECTIVE);
  }

  private static Duration duration(ResultSet row, String column, Duration otherwise)
      throws SQLException {
    Long millis = row.getObject(column, Long.class);
    return millis == null ? otherwise : Duration.ofMillis(millis);
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static @Nullable Instant orNull(ResultSet row, String column) throws SQLException {
    OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
    return value == null ? null : value.toInstant();
  }
}
