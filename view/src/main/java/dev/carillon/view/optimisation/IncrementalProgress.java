package dev.carillon.view.optimisation;

import static java.util.Objects.requireNonNull;

import dev.carillon.view.job.JobProgress;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/**
 * {@code job_progress} kept by a ledger: exact at every read, at a cost of what changes and not of
 * what there is. Same columns, same helper views and functions. Rolled back to a materialized view.
 */
final class IncrementalProgress implements Optimisation {

  private final Jdbi jdbi;
  private final Conversion conversion;
  private final ProgressView materialized;

  /**
   * Kept by a ledger.
   *
   * @param materialized what it is rolled back to
   */
  IncrementalProgress(Jdbi jdbi, Conversion conversion, ProgressView materialized) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
    this.conversion = requireNonNull(conversion, "conversion is null");
    this.materialized = requireNonNull(materialized, "materialized is null");
  }

  @Override
  public String name() {
    return "005_incremental_job_progress";
  }

  @Override
  public String title() {
    return "job_progress exact at every read, without refreshes; for more than a million objects";
  }

  @Override
  public boolean onlyByName() {
    return true;
  }

  @Override
  public List<String> differences() {
    return switch (shape()) {
      case MISSING, OTHER -> List.of("there is no job_progress");
      case MATERIALIZED -> List.of("job_progress is a materialized view, counted anew as a whole");
      case KEYED -> List.of("job_progress is kept by keys");
      case BEGUN -> List.of(ProgressView.BEGUN);
      case LEDGER -> ofLedger();
    };
  }

  @Override
  public void apply(Progress progress) {
    switch (shape()) {
      case MISSING, OTHER ->
          throw new IllegalStateException("there is no job_progress: carillon migrate makes it");
      case KEYED -> throw new IllegalStateException(ProgressView.KEYED);
      case MATERIALIZED, BEGUN -> conversion.toLedger(progress);
      case LEDGER -> conversion.mend(progress);
    }
  }

  @Override
  public boolean rollback(Progress progress) {
    return switch (shape()) {
      case MISSING, OTHER, KEYED, MATERIALIZED -> false;
      case BEGUN, LEDGER -> {
        conversion.toNothing(progress);
        materialized.apply(progress);
        yield true;
      }
    };
  }

  @Override
  public List<String> nextSteps() {
    return List.of(
        "the schedule that refreshed job_progress has nothing to do any more, and may stay",
        "a server must run: it folds the ledgers and sees to it that no write goes past them");
  }

  private List<String> ofLedger() {
    List<String> found = new ArrayList<>(conversion.differences());
    jdbi.useHandle(handle -> {
      if (!ProgressCheck.isReadable(handle, JobProgress.NAME.text())) {
        found.add("job_progress cannot be read by everybody");
      }
    });
    return found;
  }

  private ProgressShape shape() {
    return jdbi.withHandle(handle ->
        ProgressShape.isKnowable(handle) ? ProgressShape.of(handle) : ProgressShape.MISSING);
  }
}
