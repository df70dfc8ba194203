package dev.carillon.view.full;

import org.jspecify.annotations.Nullable;

/**
 * What a view holds after a refresh.
 *
 * @param rows how many rows
 * @param jobs what they say of jobs; null if the view is not about jobs
 */
public record Totals(long rows, @Nullable Jobs jobs) {

  /**
   * What {@code job_progress} says in sum; it has one row per job.
   *
   * @param objects how many objects the jobs have
   * @param processed how many of these succeeded or failed
   * @param findings how much was found
   * @param active how many jobs are not done
   */
  public record Jobs(long objects, long processed, long findings, long active) {}
}
