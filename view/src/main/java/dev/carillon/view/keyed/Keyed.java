package dev.carillon.view.keyed;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Statements;
import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import dev.carillon.view.capture.CaptureBusy;
import dev.carillon.view.capture.Patiently;
import dev.carillon.view.capture.SourceTree;
import dev.carillon.view.capture.Storage;
import dev.carillon.view.capture.Template;
import dev.carillon.view.capture.Triggers;
import dev.carillon.view.capture.Unhurried;
import dev.carillon.view.definition.Obstacle;
import dev.carillon.view.definition.ViewQuery;
import dev.carillon.view.keeper.Audited;
import dev.carillon.view.keeper.Keeper;
import dev.carillon.view.keeper.Piece;
import dev.carillon.view.keeper.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Views that are tables, kept by running their query for the keys that were touched. In every
 * snapshot such a view differs from its query in recorded keys only. Safe for use by many threads
 * and processes.
 */
public final class Keyed implements Keeper {

  /** How long work waits for a view that is being filled whole. */
  public static final Duration WORK_LOCK_TIMEOUT = Duration.ofMillis(100);

  static final Statements SQL = Statements.beside(Keyed.class, "keyed.sql");

  static final Template TEMPLATE = new Template(Statements.beside(Keyed.class, "view.sql"));

  private final Jdbi jdbi;
  private final KeyedLimits limits;
  private final Patiently patiently;
  private final Triggers triggers;
  private final Resync resync;

  public Keyed(Jdbi jdbi) {
    this(jdbi, KeyedLimits.DEFAULT);
  }

  /** With other limits than the usual. */
  public Keyed(Jdbi jdbi, KeyedLimits limits) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
    this.limits = requireNonNull(limits, "limits is null");
    this.patiently = new Patiently(jdbi, limits.lockTimeout(), limits.lockAttempts());
    this.triggers = new Triggers(jdbi, patiently);
    this.resync = new Resync(jdbi, patiently);
  }

  @Override
  public Tier tier() {
    return Tier.KEYED;
  }

  @Override
  public List<Obstacle> obstacles(ViewQuery.Valid query, List<String> key) {
    return creation().obstacles(query, key);
  }

  /**
   * Makes the view, a table with a unique key. Writers are never waited for longer than the lock
   * timeout. Repeatable: after a crash or {@link CaptureBusy}, call it again with the same query.
   *
   * @param key the columns that tell its rows apart; empty to find them
   * @throws KeyedRefused if the query cannot be kept, or the name is taken; nothing is left behind
   * @throws CaptureBusy if a table could not be locked for its triggers
   */
  @Override
  public void create(ViewName view, ViewQuery.Valid query, List<String> key) {
    creation().run(view, query, key);
  }

  /**
   * Takes the view and all that was generated for it away. Repeatable.
   *
   * @throws CaptureBusy if a table could not be locked for its triggers
   * @throws RuntimeException if a view of others reads it; nothing was changed
   */
  @Override
  public void drop(ViewName view) {
    new Removal(jdbi, patiently, triggers).run(view);
  }

  /**
   * Works off what is recorded, at most {@link KeyedLimits#maxRows} of it for each way in which a
   * key can have NULLs. After a TRUNCATE it fills the view whole.
   *
   * @throws RuntimeException if the query fails, or gives two rows for a key; nothing was changed
   */
  public Worked work(ViewName view) {
    StoredView stored = stored(view);
    Work work = new Work(new Patiently(jdbi, WORK_LOCK_TIMEOUT, 1), resync, limits.maxRows());
    return unambiguously(stored, () -> work.run(stored));
  }

  @Override
  public Piece workIn(ViewName view) {
    Worked worked = work(view);
    return new Piece(worked.rows(), worked.full(), worked.busy());
  }

  /** {@inheritDoc} There is nothing of the kind. */
  @Override
  public long tidy(ViewName view) {
    return 0;
  }

  /**
   * Runs the query whole and writes what differs. Readers are not held up, and writers only where a
   * trigger is missing, for no longer than the lock timeout.
   *
   * @throws CaptureBusy if a lock was not had, for example since another process is at it
   */
  public void resync(ViewName view) {
    StoredView stored = stored(view);
    KeyedCapture.renew(patiently, stored);
    stored.captures().forEach(capture -> triggers.makeWhole(capture, stored.names()::mayCapture));
    unambiguously(stored, () -> resync.run(stored));
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
    StoredView stored = stored(view);
    Coverage coverage =
        new Coverage(
            jdbi, new Triggers(jdbi, patiently.briefly()), new Resync(jdbi, patiently.once()));
    return unambiguously(stored, () -> coverage.check(stored));
  }

  /**
   * Runs the query whole and compares, in one snapshot and leaving out the recorded keys. What
   * differs is noted, so that the next look at the coverage fills the view anew.
   */
  @Override
  public Audited audit(ViewName view) {
    StoredView stored = stored(view);
    List<Audited> rows =
        Unhurried.transaction(
            jdbi,
            handle ->
                handle
                    .createQuery(stored.names().sql("audit"))
                    .map((row, _) ->
                        new Audited(row.getLong("mismatches"), List.of(row.getString("sample"))))
                    .list());
    if (rows.isEmpty()) {
      return new Audited(0, List.of());
    }
    long mismatches = rows.getFirst().mismatches();
    new Coverage(jdbi, triggers, resync)
        .unsure(stored.names(), "the audit found %d rows that differ".formatted(mismatches));
    return new Audited(mismatches, rows.stream().flatMap(row -> row.samples().stream()).toList());
  }

  @Override
  public boolean readsPartitions(ViewName view) {
    return jdbi.withHandle(
        handle -> stored(handle, view).trees(handle).stream().anyMatch(SourceTree::isPartitioned));
  }

  /**
   * How the view is at this moment.
   *
   * @throws IllegalArgumentException if no view of that name is kept by its keys
   */
  @Override
  public KeyedState state(ViewName view) {
    return jdbi.inTransaction(handle -> state(handle, stored(handle, view)));
  }

  private static KeyedState state(Handle handle, StoredView view) {
    String reason = Coverage.trouble(handle, view).orElse(null);
    Storage storage = Storage.of(handle, view.names().target(), view.names().dirty());
    return handle
        .createQuery(view.names().sql("pending"))
        .bind("most", KeyedState.MAX_COUNTED)
        .map((row, _) ->
            new KeyedState(
                reason == null,
                reason,
                row.getLong("pending"),
                instant(row.getObject("oldest", OffsetDateTime.class)),
                row.getObject("read_at", OffsetDateTime.class).toInstant(),
                view.syncedAt(),
                view.workedAt(),
                storage))
        .one();
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }

  /** Says in words what cannot be written, and labels the view. */
  private <T> T unambiguously(StoredView view, Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      if (!AmbiguousKey.isCause(e)) {
        throw e;
      }
      String reason = "its query gives several rows of the same key " + view.names().keys();
      new Coverage(jdbi, triggers, resync).unsure(view.names(), reason);
      throw new IllegalStateException(view.names().view() + ": " + reason, e);
    }
  }

  private Creation creation() {
    return new Creation(jdbi, patiently, triggers, resync, limits.wholeScanBytes());
  }

  private StoredView stored(ViewName view) {
    return jdbi.withHandle(handle -> stored(handle, view));
  }

  private static StoredView stored(Handle handle, ViewName view) {
    return StoredView.find(handle, view)
        .orElseThrow(
            () -> new IllegalArgumentException("no view " + view + " is kept by its keys"));
  }
}
