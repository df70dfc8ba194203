package dev.carillon.server.job;

import static java.util.Objects.requireNonNull;

import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import dev.carillon.view.job.JobFilter;
import dev.carillon.view.job.JobPage;
import dev.carillon.view.job.JobReading;
import dev.carillon.view.job.JobReads;
import dev.carillon.view.job.JobReads.Mode;
import dev.carillon.view.job.JobTables;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Reads jobs as fresh as callers want them. Safe for use by many threads.
 *
 * <p>Two answers in a row may go backwards: one that was counted, and then one from a view that was
 * refreshed before that. Neither lies, since each says {@code as_of} when it was true. Nothing is
 * remembered of what a caller saw before. Who wants no step back asks with {@code max-age}, in
 * seconds since the {@code as_of} that they saw, or follows the stream, which keeps such answers
 * back. Entity tags stay true meanwhile: an answer that comes again has the tag that it had, and
 * the source is part of it.
 *
 * @param reads reads them
 * @param jdbi knows which jobs there are
 */
public record JobAnswers(JobReads reads, Jdbi jdbi) {

  public JobAnswers {
    requireNonNull(reads, "reads is null");
    requireNonNull(jdbi, "jdbi is null");
  }

  /**
   * How far a job is.
   *
   * @throws ProblemException 404 if there is none, 504 if it would have to be counted and must not
   *     be
   */
  JobReading read(UUID id, Tolerance tolerance) {
    if (tolerance.onlyCached() && tolerance.counted()) {
      throw find(id).isEmpty() ? unknown() : notCached("a real-time answer is wanted");
    }
    JobReading found = reads.find(id, tolerance.first()).orElseThrow(() -> missing(id, tolerance));
    if (tolerance.takes(found.freshness())) {
      return found;
    }
    if (tolerance.onlyCached()) {
      throw notCached("it is older than is wanted");
    }
    return reads.find(id, Mode.REAL_TIME).orElseThrow(JobAnswers::unknown);
  }

  /**
   * A page of jobs, newest first.
   *
   * @param filter which jobs
   * @throws ProblemException as with {@link #read}
   */
  JobPage page(JobPage.@Nullable Cursor after, int limit, JobFilter filter, Tolerance tolerance) {
    if (tolerance.onlyCached() && tolerance.counted()) {
      throw notCached("a real-time answer is wanted");
    }
    JobPage page = reads.list(after, limit, filter, tolerance.first());
    boolean takes = page.jobs().stream().allMatch(job -> tolerance.takes(job.freshness()));
    if (tolerance.onlyCached() && (!takes || page.leftOut() > 0)) {
      throw notCached("the view does not have all of these jobs, or they are older than is wanted");
    }
    return takes ? page : reads.list(after, limit, filter, Mode.REAL_TIME);
  }

  private ProblemException missing(UUID id, Tolerance tolerance) {
    return tolerance.onlyCached() && find(id).isPresent()
        ? notCached("the view does not have it")
        : unknown();
  }

  private Optional<UUID> find(UUID id) {
    return jdbi.withHandle(handle -> JobTables.find(handle, id)).map(job -> job.id());
  }

  private static ProblemException unknown() {
    return new ProblemException(Problem.of(404, "there is no such job"));
  }

  private static ProblemException notCached(String why) {
    return new ProblemException(
        Problem.of(504, "only-if-cached: it would have to be counted: " + why));
  }
}
