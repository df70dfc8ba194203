package dev.carillon.view.ledger;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Statements;
import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import dev.carillon.view.capture.CaptureBusy;
import dev.carillon.view.capture.Patiently;
import dev.carillon.view.capture.SourceTree;
import dev.carillon.view.capture.Template;
import dev.carillon.view.capture.Triggers;
import dev.carillon.view.definition.Obstacle;
import dev.carillon.view.definition.ViewQuery;
import dev.carillon.view.keeper.Audited;
import dev.carillon.view.keeper.Keeper;
import dev.carillon.view.keeper.Piece;
import dev.carillon.view.keeper.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/**
 * Views whose counts and sums are exact at every read. Safe for use by many threads and processes.
 */
public final class Ledger implements Keeper {

  /**
   * How long one try waits for a lock on a user's table where somebody asked for it: all writers
   * queue behind it.
   */
  public static final Duration LOCK_TIMEOUT = Duration.ofSeconds(2);

  /** How often a lock is tried for. */
  public static final int LOCK_ATTEMPTS = 5;

  /** How long a fold waits for a base that is being filled anew. */
  public static final Duration FOLD_LOCK_TIMEOUT = Duration.ofMillis(100);

  static final Statements SQL = Statements.beside(Ledger.class, "parts.sql");

  static final Template TEMPLATE = new Template(Statements.beside(Ledger.class, "part.sql"));

  private final Jdbi jdbi;
  private final Patiently patiently;
  private final Triggers triggers;
  private final Resync resync;

  public Ledger(Jdbi jdbi) {
    this(jdbi, LOCK_TIMEOUT, LOCK_ATTEMPTS);
  }

  /** With other limits on the wait for a lock than the usual. */
  public Ledger(Jdbi jdbi, Duration lockTimeout, int lockAttempts) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
    this.patiently = new Patiently(jdbi, lockTimeout, lockAttempts);
    this.triggers = new Triggers(jdbi, patiently);
    this.resync = new Resync(jdbi, patiently);
  }

  @Override
  public Tier tier() {
    return Tier.LEDGER;
  }

  /** {@inheritDoc} A ledger's groups are its keys: what is given makes no difference. */
  @Override
  public List<Obstacle> obstacles(ViewQuery.Valid query, List<String> key) {
    return obstacles(query);
  }

  /** {@inheritDoc} A ledger's groups are its keys: what is given makes no difference. */
  @Override
  public void create(ViewName view, ViewQuery.Valid query, List<String> key) {
    create(view, query);
  }

  /** What keeps a query from being kept by a ledger; empty if nothing does. Changes nothing. */
  public List<Obstacle> obstacles(ViewQuery.Valid query) {
    return obstacles(jdbi, query);
  }

  static List<Obstacle> obstacles(Jdbi jdbi, ViewQuery.Valid query) {
    List<Obstacle> pure = query.analysis().obstacles(Tier.LEDGER);
    if (!pure.isEmpty()) {
      return pure;
    }
    return jdbi.withHandle(handle -> {
      handle.begin();
      try {
        return DatabaseCheck.obstacles(handle, query);
      } finally {
        handle.rollback();
      }
    });
  }

  /**
   * Makes the view. Writers are never waited for longer than the lock timeout. Repeatable: after a
   * crash or {@link CaptureBusy}, call it again with the same query.
   *
   * @throws LedgerRefused if the query cannot be kept, or the name is taken
   * @throws CaptureBusy if a table could not be locked for its triggers
   */
  public void create(ViewName view, ViewQuery.Valid query) {
    new Creation(jdbi, patiently, triggers, resync).run(view, query);
  }

  /**
   * Takes the view and all that was generated for it away. Repeatable.
   *
   * @throws CaptureBusy if a table could not be locked for its triggers
   * @throws RuntimeException if another view reads it; nothing was changed
   */
  @Override
  public void drop(ViewName view) {
    new Removal(jdbi, patiently, triggers).run(view);
  }

  /** Moves pending rows into the bases, at most {@link Folded#MAX_ROWS} of each part. */
  public Folded fold(ViewName view) {
    Fold fold = new Fold(new Patiently(jdbi, FOLD_LOCK_TIMEOUT, 1));
    return parts(view).stream()
        .map(part -> fold.run(part.names()))
        .reduce(Folded.NOTHING, Folded::plus);
  }

  @Override
  public Piece workIn(ViewName view) {
    Folded folded = fold(view);
    return new Piece(folded.rows(), folded.isFull(), folded.busy());
  }

  /** {@inheritDoc} Reads the bases whole. */
  @Override
  public long tidy(ViewName view) {
    Sweep sweep = new Sweep(new Patiently(jdbi, FOLD_LOCK_TIMEOUT, 1));
    return parts(view).stream().mapToLong(part -> sweep.run(part.names())).sum();
  }

  /**
   * Fills the bases anew from the tables. Readers are not held up, and writers only where a trigger
   * is missing, for no longer than the lock timeout.
   *
   * @throws CaptureBusy if a lock was not had, for example since another process is at it
   */
  public void resync(ViewName view) {
    for (StoredPart part : parts(view)) {
      PartCapture.renew(patiently, part.names());
      triggers.makeWhole(jdbi.withHandle(part.names()::capture), part.names()::mayCapture);
      resync.run(part.names());
    }
  }

  /**
   * Looks whether all writes are still seen, and makes good what is not. To be called about once a
   * second; costs a look at the catalog if nothing was changed.
   *
   * <p>It tries once for each lock, for as long as writers hardly feel; whoever calls it again
   * after it was in vain should wait longer and longer.
   *
   * @throws CaptureBusy if a lock was not had; the view stays labelled as not exact
   */
  @Override
  public Verdict coverage(ViewName view) {
    Coverage coverage =
        new Coverage(
            jdbi, new Triggers(jdbi, patiently.briefly()), new Resync(jdbi, patiently.once()));
    return parts(view).stream().map(coverage::check).reduce(Verdict.SURE, Verdict::and);
  }

  /**
   * Counts anew and compares in one snapshot. What differs is noted, so that the next look at the
   * coverage fills the base anew.
   */
  @Override
  public Audited audit(ViewName view) {
    Audit audit = new Audit(jdbi);
    long mismatches = 0;
    List<String> samples = new ArrayList<>();
    for (StoredPart part : parts(view)) {
      Audited audited = audit.run(part.names());
      mismatches += audited.mismatches();
      samples.addAll(audited.samples());
    }
    return new Audited(mismatches, samples);
  }

  @Override
  public boolean readsPartitions(ViewName view) {
    return jdbi.withHandle(handle ->
        StoredPart.of(handle, view).stream()
            .anyMatch(part -> SourceTree.of(handle, part.names().capture(handle)).isPartitioned()));
  }

  /**
   * How the view is at this moment.
   *
   * @throws IllegalArgumentException if no ledger keeps a view of that name
   */
  @Override
  public LedgerState state(ViewName view) {
    return new StateReader(jdbi).read(view);
  }

  private List<StoredPart> parts(ViewName view) {
    return jdbi.withHandle(handle -> StoredPart.of(handle, view));
  }
}
