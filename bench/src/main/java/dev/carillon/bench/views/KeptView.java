package dev.carillon.bench.views;

import static dev.carillon.bench.views.JobData.SQL;

import dev.carillon.view.ViewName;
import dev.carillon.view.catalog.PastRefresh;
import dev.carillon.view.definition.ViewQuery;
import dev.carillon.view.full.RefreshOutcome;
import dev.carillon.view.job.JobProgress;
import dev.carillon.view.keyed.Keyed;
import dev.carillon.view.keyed.Worked;
import dev.carillon.view.ledger.Folded;
import dev.carillon.view.ledger.Ledger;

/**
 * The view of some jobs, kept in one of the ways.
 *
 * @param data the jobs
 * @param form the way
 */
record KeptView(JobData data, Form form) {

  private static final ViewName KEYED_NAME = new ViewName("job_progress_keyed");
  private static final String INCREMENTAL = "005";

  /** Keeps the view of jobs, which is a materialized one as yet, in a way. */
  static KeptView make(JobData data, Form form) {
    switch (form) {
      case FILLED -> {}
      case LEDGER -> {
        var _ = data.optimisations().migrate(INCREMENTAL, _ -> {});
      }
      case KEYED -> {
        if (!(ViewQuery.parse(JobProgress.query()) instanceof ViewQuery.Valid query)) {
          throw new IllegalStateException("the query of job_progress cannot be read");
        }
        new Keyed(data.jdbi()).create(KEYED_NAME, query, JobProgress.KEY);
      }
    }
    return new KeptView(data, form);
  }

  /** Does what the server does to bring it up to date. */
  void bringUpToDate() {
    switch (form) {
      case FILLED -> {
        RefreshOutcome outcome = data.refresh().refresh(JobProgress.NAME, PastRefresh.Cause.MANUAL);
        if (!(outcome instanceof RefreshOutcome.Refreshed)) {
          throw new IllegalStateException("job_progress was not refreshed: " + outcome);
        }
      }
      case LEDGER -> {
        Ledger ledger = new Ledger(data.jdbi());
        Folded folded = ledger.fold(JobProgress.NAME);
        while (folded.isFull()) {
          folded = ledger.fold(JobProgress.NAME);
        }
      }
      case KEYED -> {
        Keyed keyed = new Keyed(data.jdbi());
        Worked worked = keyed.work(KEYED_NAME);
        while (worked.full()) {
          worked = keyed.work(KEYED_NAME);
        }
      }
    }
  }

  /** How many of its rows are not what counting anew gives; of a filled one, objects. */
  long mismatches() {
    return switch (form) {
      case FILLED ->
          Math.abs(
              data.jobs().objects()
                  - data.jdbi()
                      .withHandle(handle ->
                          handle.createQuery(SQL.get("total_objects")).mapTo(Long.class).one()));
      case LEDGER -> new Ledger(data.jdbi()).audit(JobProgress.NAME).mismatches();
      case KEYED -> new Keyed(data.jdbi()).audit(KEYED_NAME).mismatches();
    };
  }
}
