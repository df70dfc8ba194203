package dev.carillon.server.demo.view;

import dev.carillon.view.job.Progress;
import org.jspecify.annotations.Nullable;

/**
 * How far a job is.
 *
 * @param total how many objects it has
 * @param processed how many are done with
 * @param findings how much was found
 */
record Counts(long total, long processed, long findings) {

  static Counts of(Progress progress) {
    return new Counts(progress.total(), progress.processed(), progress.findings());
  }

  /**
   * Whether a job that only moves on could have been like this after one and before the other.
   * Without either it was not there.
   */
  boolean isBetween(@Nullable Counts earlier, @Nullable Counts later) {
    return earlier != null
        && later != null
        && total == earlier.total
        && total == later.total
        && processed >= earlier.processed
        && processed <= later.processed
        && findings >= earlier.findings
        && findings <= later.findings;
  }

  boolean isBehind(Counts other) {
    return processed < other.processed || findings < other.findings;
  }
}
