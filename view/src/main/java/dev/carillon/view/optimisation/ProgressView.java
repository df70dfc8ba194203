package dev.carillon.view.optimisation;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Statements;
import dev.carillon.view.catalog.Catalog;
import dev.carillon.view.catalog.PastRefresh;
import dev.carillon.view.full.FullRefresh;
import dev.carillon.view.full.RefreshOutcome;
import dev.carillon.view.job.JobProgress;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The view {@code job_progress} with its indexes, helper views, functions, grants and its
 * registration. One that was made incremental stays so.
 */
final class ProgressView implements Optimisation {

  /** What is said of a conversion that did not end. */
  static final String BEGUN = "turning job_progress into another form was begun and not ended";

  /** What is said where it is kept by keys. */
  static final String KEYED =
      "job_progress is kept by keys: drop it first, with carillon view drop job_progress";

  private static final Statements SQL = Statements.beside(ProgressView.class, "progress_view.sql");

  private final Jdbi jdbi;
  private final FullRefresh refresh;
  private final Conversion conversion;

  /**
   * The view, made and filled.
   *
   * @param conversion ends what it began and did not end
   */
  ProgressView(Jdbi jdbi, FullRefresh refresh, Conversion conversion) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
    this.refresh = requireNonNull(refresh, "refresh is null");
    this.conversion = requireNonNull(conversion, "conversion is null");
  }

  @Override
  public String name() {
    return "003_job_progress";
  }

  @Override
  public String title() {
    return "the view of jobs with its helper views and functions, filled";
  }

  @Override
  public boolean onlyByName() {
    return false;
  }

  @Override
  public List<String> differences() {
    return jdbi.withHandle(ProgressView::differences);
  }

  private static List<String> differences(Handle handle) {
    if (!ProgressShape.isKnowable(handle)) {
      return List.of("the tables of views are not there");
    }
    return switch (ProgressShape.of(handle)) {
      case BEGUN -> List.of(BEGUN);
      case MISSING -> ProgressCheck.differences(handle, List.of("there is no job_progress"));
      case MATERIALIZED -> ProgressCheck.differences(handle, ProgressCheck.ofMaterialized(handle));
      case LEDGER, KEYED -> ProgressCheck.differences(handle, List.of());
      case OTHER -> ProgressCheck.differences(handle, List.of("job_progress is a plain view"));
    };
  }

  @Override
  public void apply(Progress progress) {
    if (jdbi.withHandle(ProgressShape::of) == ProgressShape.BEGUN) {
      conversion.toLedger(progress);
      return;
    }
    Patient.inTransaction(
        jdbi,
        handle -> {
          ProgressParts.lock(handle);
          make(handle, progress);
          Patient.locking(handle, this::complete);
        });
    fill(progress);
  }

  private static void make(Handle handle, Progress progress) {
    switch (ProgressShape.of(handle)) {
      case BEGUN -> throw new IllegalStateException(BEGUN);
      case MISSING -> {
        progress.say("  making job_progress");
        Patient.run(handle, JobProgress.Part.VIEW.sql());
      }
      case MATERIALIZED -> replaceIfDifferent(handle, progress);
      case LEDGER, KEYED -> progress.say("  job_progress is incremental, and stays so");
      case OTHER -> {
        progress.say("  replacing a plain view job_progress");
        Patient.locking(
            handle,
            locked -> {
              Patient.run(locked, SQL.get("drop_other_view"));
              Patient.run(locked, JobProgress.Part.VIEW.sql());
            });
      }
    }
  }

  @Override
  public boolean rollback(Progress progress) {
    return jdbi.inTransaction(handle -> {
      ProgressShape shape = ProgressShape.of(handle);
      switch (shape) {
        case KEYED -> throw new IllegalStateException(KEYED);
        case LEDGER, BEGUN ->
            throw new IllegalStateException(
                "job_progress is incremental: carillon migrate --rollback 004 makes it a materialized view");
        case MISSING, MATERIALIZED, OTHER -> {
          ProgressParts.refuseOthers(handle, "removed");
          Patient.locking(handle, ProgressView::drop);
        }
      }
      boolean registered = Catalog.delete(handle, JobProgress.NAME);
      progress.say("  the tables of jobs and the log of refreshes stay");
      return registered || shape != ProgressShape.MISSING;
    });
  }

  @Override
  public List<String> nextSteps() {
    return List.of(
        "carillon view show job_progress says how fresh it is; a running server keeps it so",
        "carillon doctor says what suits as many objects as there are");
  }

  private static void replaceIfDifferent(Handle handle, Progress progress) {
    if (!ProgressCheck.isAsItShouldBe(handle)) {
      progress.say("  job_progress has another definition: making and filling a new one beside it");
      Replacement next = Replacement.prepare(handle, JobProgress.query());
      progress.say("  putting it in its place");
      Patient.locking(handle, _ -> next.swap());
    }
  }

  private void complete(Handle handle) {
    if (ProgressShape.of(handle) == ProgressShape.MATERIALIZED) {
      ProgressCheck.missingIndexes(handle).forEach(part -> Patient.run(handle, part.sql()));
    }
    ProgressParts.make(handle);
    Catalog.insert(handle, JobProgress.registration(conversion.clock().instant()));
  }

  private void fill(Progress progress) {
    boolean empty =
        jdbi.withHandle(handle ->
            ProgressShape.of(handle) == ProgressShape.MATERIALIZED && !isPopulated(handle));
    if (empty) {
      progress.say("  filling it");
      RefreshOutcome outcome = refresh.refresh(JobProgress.NAME, PastRefresh.Cause.MIGRATE);
      if (!(outcome instanceof RefreshOutcome.Refreshed)) {
        progress.say("  not filled yet: " + outcome);
      }
    }
  }

  private static void drop(Handle handle) {
    ProgressParts.drop(handle);
    if (isMaterialized(handle)) {
      Patient.run(handle, SQL.get("drop_view"));
    }
  }

  /** Whether the view is there, as a materialized one. */
  static boolean isMaterialized(Handle handle) {
    return ProgressShape.of(handle) == ProgressShape.MATERIALIZED;
  }

  private static boolean isPopulated(Handle handle) {
    return handle.createQuery(SQL.get("populated")).mapTo(Boolean.class).one();
  }
}
