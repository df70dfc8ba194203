package dev.carillon.view.job;

import static java.util.Objects.requireNonNull;

import dev.carillon.view.catalog.Freshness;

/**
 * A job as it was read.
 *
 * @param job the job
 * @param progress how far it is
 * @param freshness how fresh that is
 */
public record JobReading(Job job, Progress progress, Freshness freshness) {

  public JobReading {
    requireNonNull(job, "job is null");
    requireNonNull(progress, "progress is null");
    requireNonNull(freshness, "freshness is null");
  }
}
