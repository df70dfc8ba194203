package dev.carillon.view.optimisation;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import dev.carillon.postgres.Statements;
import dev.carillon.view.Tier;
import dev.carillon.view.capture.CaptureBusy;
import dev.carillon.view.catalog.Catalog;
import dev.carillon.view.catalog.RefreshLog;
import dev.carillon.view.catalog.RegisteredView;
import dev.carillon.view.definition.Obstacle;
import dev.carillon.view.definition.ViewQuery;
import dev.carillon.view.job.JobProgress;
import dev.carillon.view.ledger.Ledger;
import dev.carillon.view.ledger.LedgerState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Turns {@code job_progress} from a materialized view into one that a ledger keeps, and back. While
 * it does, the view is registered nowhere and has no log row, so that nobody refreshes or folds it
 * and its readers count live; a table says that it was begun. A second run ends what a crash left.
 *
 * @param jdbi runs the statements
 * @param ledger keeps the counts
 * @param clock dates the registration
 */
record Conversion(Jdbi jdbi, Ledger ledger, InstantSource clock) {

  /** How often the ledgers are tried to be made; each waits for locks as long as a ledger does. */
  static final int TRIES = 10;

  private static final Statements SQL = Statements.beside(Conversion.class, "progress_view.sql");

  Conversion {
    requireNonNull(jdbi, "jdbi is null");
    requireNonNull(ledger, "ledger is null");
    requireNonNull(clock, "clock is null");
  }

  /**
   * From a materialized view, or where that was begun, to a ledger.
   *
   * @throws IllegalStateException if no ledger can keep it, in words; nothing was changed
   */
  void toLedger(Progress progress) {
    refuseWhatNoLedgerKeeps();
    progress.say("  dropping the materialized view; until the end, jobs are counted live");
    inTransaction(Conversion::makeRoom);
    progress.say("  making the ledgers, and counting what there is");
    create(progress);
    completeLedger(progress);
  }

  /** Makes what is missing or different of a view that a ledger keeps. */
  void mend(Progress progress) {
    create(progress);
    completeLedger(progress);
  }

  /**
   * From a ledger, or where any of this was begun, to nothing: what is to be made is registered.
   */
  void toNothing(Progress progress) {
    inTransaction(handle -> {
      ProgressParts.refuseOthers(handle, "replaced");
      begin(handle);
    });
    progress.say("  dropping the ledgers and their triggers; until the end, jobs are counted live");
    ledger.drop(JobProgress.NAME);
    inTransaction(handle -> end(handle, Tier.FULL, JobProgress.query()));
  }

  /** How a view that a ledger keeps differs from what it should be. */
  List<String> differences() {
    try {
      LedgerState state = ledger.state(JobProgress.NAME);
      return state.exact() ? List.of() : List.of("job_progress is not exact: " + state.reason());
    } catch (IllegalArgumentException e) {
      return List.of("job_progress is registered as kept by a ledger, and none keeps it");
    }
  }

  private void refuseWhatNoLedgerKeeps() {
    List<Obstacle> obstacles = ledger.obstacles(query());
    if (!obstacles.isEmpty()) {
      throw new IllegalStateException(
          "job_progress cannot be kept by a ledger: "
              + obstacles.stream().map(Obstacle::sentence).collect(joining(" ")));
    }
  }

  /** Begun again where a lock was not had: the view is missing until the end. */
  private void create(Progress progress) {
    for (int tries = 1; ; tries++) {
      try {
        ledger.create(JobProgress.NAME, query());
        return;
      } catch (CaptureBusy e) {
        if (tries == TRIES) {
          throw e;
        }
        progress.say("  once more: " + e.getMessage());
      }
    }
  }

  private void completeLedger(Progress progress) {
    List<String> left = differences();
    inTransaction(handle -> {
      ProgressParts.make(handle);
      end(handle, Tier.LEDGER, JobProgress.incrementalQuery());
      if (left.isEmpty()) {
        Catalog.noteExact(handle, JobProgress.NAME);
      } else {
        Catalog.noteInexact(handle, JobProgress.NAME, String.join("; ", left));
      }
    });
    left.forEach(line -> progress.say("  " + line));
  }

  private static void makeRoom(Handle handle) {
    if (ProgressShape.of(handle) == ProgressShape.MATERIALIZED) {
      ProgressParts.refuseOthers(handle, "replaced");
      begin(handle);
      Patient.run(handle, SQL.get("drop_view"));
    }
  }

  private static void begin(Handle handle) {
    ProgressParts.dropViews(handle);
    Patient.run(handle, SQL.get("begin"));
    Catalog.delete(handle, JobProgress.NAME);
    RefreshLog.forgetLast(handle, JobProgress.NAME);
  }

  private void end(Handle handle, Tier tier, String query) {
    if (ProgressShape.of(handle) == ProgressShape.BEGUN) {
      RegisteredView registered =
          handle
              .createQuery(SQL.get("begun_with"))
              .map((row, _) ->
                  registration(
                      tier,
                      query,
                      Duration.ofMillis(row.getLong("interval_millis")),
                      Duration.ofMillis(row.getLong("objective_millis"))))
              .findFirst()
              .orElseGet(() ->
                  registration(
                      tier,
                      query,
                      RegisteredView.DEFAULT_INTERVAL,
                      RegisteredView.DEFAULT_OBJECTIVE));
      Catalog.insert(handle, registered);
      Patient.run(handle, SQL.get("end"));
    }
  }

  private RegisteredView registration(
      Tier tier, String query, Duration interval, Duration objective) {
    return new RegisteredView(
        JobProgress.NAME, tier, query, JobProgress.KEY, interval, objective, clock.instant());
  }

  private void inTransaction(Patient.Work work) {
    jdbi.useTransaction(handle -> {
      ProgressParts.lock(handle);
      Patient.locking(handle, work);
    });
  }

  private static ViewQuery.Valid query() {
    return switch (ViewQuery.parse(JobProgress.incrementalQuery())) {
      case ViewQuery.Valid valid -> valid;
      case ViewQuery.Invalid invalid -> throw new IllegalStateException(invalid.reason());
    };
  }
}
