package dev.carillon.view.job;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs are wanted.
 *
 * @param bucket only those of this bucket; null for all
 * @param statuses only those that are like this; empty for all
 */
public record JobFilter(@Nullable String bucket, Set<JobStatus> statuses) {

  /** All jobs. */
  public static final JobFilter ALL = new JobFilter(null, Set.of());

  /** How long the name of a bucket may be: longer than any store allows. */
  public static final int MAX_BUCKET = 255;

  public JobFilter {
    statuses = Set.copyOf(statuses);
    if (bucket != null && !isBucket(bucket)) {
      throw new IllegalArgumentException("bucket must be the name of one");
    }
  }

  /** Whether a text may name a bucket. */
  public static boolean isBucket(String text) {
    return !text.isEmpty() && text.length() <= MAX_BUCKET && text.indexOf('\0') < 0;
  }

  /** Whether a job's status is wanted. */
  boolean takes(JobReading reading) {
    return statuses.isEmpty() || statuses.contains(reading.progress().status());
  }
}
