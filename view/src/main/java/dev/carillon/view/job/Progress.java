package dev.carillon.view.job;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a job is: the counts of its objects.
 *
 * @param total how many objects are known
 * @param queued how many of them wait
 * @param processing how many are being scanned
 * @param succeeded how many were scanned
 * @param failed how many could not be
 * @param findings how much was found
 * @param percent how much of it is done, with two decimals; 100 only when all is
 * @param lastObjectUpdate when an object last changed; null if there is none
 */
public record Progress(
    long total,
    long queued,
    long processing,
    long succeeded,
    long failed,
    long findings,
    BigDecimal percent,
    @Nullable Instant lastObjectUpdate) {

  public Progress {
    requireNonNull(percent, "percent is null");
  }

  /** How many objects are done with. */
  public long processed() {
    return succeeded + failed;
  }

  /** How the job is, as far as its counts say. */
  public JobStatus status() {
    if (total == 0) {
      return JobStatus.LISTING;
    }
    if (processed() < total) {
      return JobStatus.PROCESSING;
    }
    return failed == total ? JobStatus.FAILED : JobStatus.COMPLETED;
  }
}
