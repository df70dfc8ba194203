package dev.carillon.server.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.view.catalog.Freshness;
import dev.carillon.view.catalog.Pending;
import dev.carillon.view.job.Job;
import dev.carillon.view.job.JobReading;
import dev.carillon.view.job.JobStatus;
import dev.carillon.view.job.Progress;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job as JSON.
 *
 * @param status listing, processing, completed, failed or aborted
 * @param statusMessage the same for people
 * @param executionArn which execution does it; null if none is known
 * @param total how many objects are known
 * @param queued how many of them wait
 * @param processing how many are being scanned
 * @param succeeded how many were scanned
 * @param failed how many could not be
 * @param totalFindings how much was found
 * @param progressPercent how much is done, with two decimals; 100 only when all is
 * @param lastObjectUpdate when an object last changed; null if there is none
 * @param dataSource cached, or real_time if it was counted for this answer
 * @param cacheRefreshedAt when the view was brought up to date; only of a cached answer
 * @param cacheRefreshDurationMs how long that took; only of a cached answer, where it is known
 * @param asOf what was committed before then is in the answer
 * @param lagMs how long ago that is
 * @param exact whether the answer is what a count at {@code as_of} gives
 * @param tier how the view is kept: ledger, keyed or full; null if the answer was counted
 * @param pendingChanges what was captured and not yet worked in; null if nothing captures
 * @param oldestPendingAt when the oldest of these was made
 * @param sloMs how old an answer may be
 * @param sloMet whether it is no older
 * @param reason why it is not exact, or was counted though nobody asked for that
 */
@JsonNaming(SnakeCaseStrategy.class)
record JobView(
    UUID jobId,
    String bucket,
    String prefix,
    String status,
    String statusMessage,
    @Nullable String executionArn,
    long total,
    long queued,
    long processing,
    long succeeded,
    long failed,
    long totalFindings,
    BigDecimal progressPercent,
    @Nullable Instant lastObjectUpdate,
    Instant createdAt,
    Instant updatedAt,
    String dataSource,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant cacheRefreshedAt,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long cacheRefreshDurationMs,
    Instant asOf,
    long lagMs,
    boolean exact,
    @Nullable String tier,
    @Nullable Long pendingChanges,
    @Nullable Instant oldestPendingAt,
    long sloMs,
    boolean sloMet,
    @Nullable String reason) {

  static JobView of(JobReading reading) {
    Job job = reading.job();
    Progress progress = reading.progress();
    Freshness freshness = reading.freshness();
    Pending pending = freshness.pending();
    JobStatus status = progress.status();
    return new JobView(
        job.id(),
        job.bucket(),
        job.prefix(),
        status.word(),
        status.message(),
        job.executionArn(),
        progress.total(),
        progress.queued(),
        progress.processing(),
        progress.succeeded(),
        progress.failed(),
        progress.findings(),
        progress.percent(),
        progress.lastObjectUpdate(),
        job.createdAt(),
        job.updatedAt(),
        freshness.source().word(),
        freshness.refreshedAt(),
        freshness.refreshDuration() == null ? null : freshness.refreshDuration().toMillis(),
        freshness.asOf(),
        freshness.lag().toMillis(),
        freshness.exact(),
        freshness.tier() == null ? null : freshness.tier().word(),
        pending == null ? null : pending.changes(),
        pending == null ? null : pending.oldestAt(),
        freshness.objective().toMillis(),
        freshness.objectiveMet(),
        freshness.reason());
  }
}
