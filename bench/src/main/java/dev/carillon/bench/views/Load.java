package dev.carillon.bench.views;

import static dev.carillon.bench.views.JobData.SQL;

import java.util.List;
import java.util.UUID;

/**
 * Changes of objects, after which a view is brought up to date.
 *
 * @param way how they come
 * @param changes how many
 * @param clients how many clients make them, where each has a transaction of its own
 */
record Load(Way way, int changes, int clients) {

  /** How changes come. */
  enum Way {
    /** In one statement, of all large jobs. */
    ALL_JOBS,
    /** In one statement, of the small job. */
    ONE_JOB,
    /** Each in a transaction of its own, of the small job. */
    SINGLES
  }

  static Load allJobs(int changes) {
    return new Load(Way.ALL_JOBS, changes / JobData.JOBS * JobData.JOBS, 1);
  }

  static Load oneJob(int changes, JobData.Jobs jobs) {
    return new Load(Way.ONE_JOB, Math.min(changes, jobs.hotObjects()), 1);
  }

  static Load singles(int changes, int clients) {
    return new Load(Way.SINGLES, changes / clients * clients, clients);
  }

  /** What tables call it. */
  String title() {
    return switch (way) {
      case ALL_JOBS -> "%,d changes of all large jobs, one statement".formatted(changes);
      case ONE_JOB -> "%,d changes of the small job, one statement".formatted(changes);
      case SINGLES -> "%,d changes of the small job, a transaction each".formatted(changes);
    };
  }

  /**
   * Makes the changes.
   *
   * @param round of which objects: others in each round, as far as there are
   */
  void run(JobData data, int round) {
    JobData.Jobs jobs = data.jobs();
    switch (way) {
      case ALL_JOBS -> change(data, jobs.large(), jobs.objectsOfEach(), round);
      case ONE_JOB -> change(data, List.of(jobs.hot()), jobs.hotObjects(), round);
      case SINGLES -> {
        try {
          new Clients(data.database().jdbcUrl(), jobs, clients).change(changes);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException("interrupted", e);
        }
      }
    }
  }

  private void change(JobData data, List<UUID> of, long objectsOfEach, int round) {
    long each = changes / of.size();
    long from = round * each % (objectsOfEach - each + 1) + 1;
    int changed =
        data.jdbi()
            .withHandle(handle ->
                handle
                    .createUpdate(SQL.get("change"))
                    .bindArray("jobs", UUID.class, of.toArray())
                    .bind("bucket", JobData.BUCKET)
                    .bind("from", from)
                    .bind("to", from + each - 1)
                    .execute());
    if (changed != changes) {
      throw new IllegalStateException("%d objects, not %d, changed".formatted(changed, changes));
    }
  }
}
