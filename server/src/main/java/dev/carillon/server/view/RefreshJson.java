package dev.carillon.server.view;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.view.full.RefreshReport;
import dev.carillon.view.full.Totals;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a refresh did, as JSON. What is not about jobs has none.
 *
 * @param asOf what was committed before then is in the view
 * @param concurrently whether readers went on meanwhile
 * @param waitReason why they had to wait; null if they had not
 * @param rows how many rows the view has
 * @param totalJobs how many jobs
 * @param totalObjects how many objects these have
 * @param processed how many of them are done with
 * @param totalFindings how much was found
 * @param activeJobs how many jobs are not done
 */
@JsonNaming(SnakeCaseStrategy.class)
record RefreshJson(
    String view,
    String outcome,
    Instant asOf,
    long durationMs,
    boolean concurrently,
    @Nullable String waitReason,
    long rows,
    @Nullable Long totalJobs,
    @Nullable Long totalObjects,
    @Nullable Long processed,
    @Nullable Long totalFindings,
    @Nullable Long activeJobs) {

  static RefreshJson of(RefreshReport report) {
    Totals totals = report.totals();
    Totals.Jobs jobs = totals.jobs();
    return new RefreshJson(
        report.view().text(),
        "refreshed",
        report.asOf(),
        report.duration().toMillis(),
        report.concurrently(),
        report.waitReason(),
        totals.rows(),
        jobs == null ? null : totals.rows(),
        jobs == null ? null : jobs.objects(),
        jobs == null ? null : jobs.processed(),
        jobs == null ? null : jobs.findings(),
        jobs == null ? null : jobs.active());
  }
}
