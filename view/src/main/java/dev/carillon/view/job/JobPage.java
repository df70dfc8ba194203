package dev.carillon.view.job;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Jobs, newest first.
 *
 * @param jobs the jobs of this page
 * @param next where the next page begins; null if this is the last
 * @param leftOut how many jobs of this page were not answered for
 */
public record JobPage(List<JobReading> jobs, @Nullable Cursor next, int leftOut) {

  /** The last job of a page: the next begins after it. */
  public record Cursor(Instant createdAt, UUID id) {
    public Cursor {
      requireNonNull(createdAt, "createdAt is null");
      requireNonNull(id, "id is null");
    }
  }

  public JobPage {
    jobs = List.copyOf(jobs);
  }
}
