package dev.carillon.view.ledger;

import dev.carillon.view.capture.Storage;
import dev.carillon.view.keeper.Kept;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a view that a ledger keeps is at this moment.
 *
 * @param exact whether its numbers are those of its tables
 * @param reason why not; null if exact
 * @param pending ledger rows that are not folded yet; {@link #MAX_COUNTED} stands for more
 * @param oldestPendingAt when the oldest of these was written
 * @param syncedAt when a base was last filled from its table, the earliest of all parts
 * @param baseBytes size of the bases with their indexes
 * @param ledgerBytes size of the ledgers
 * @param deadRows rows in both that are gone but still take room
 * @param xminHolder who keeps dead rows from being cleaned away; null if nobody does
 * @param xminAge how many transactions ago that one began
 */
public record LedgerState(
    boolean exact,
    @Nullable String reason,
    long pending,
    @Nullable Instant oldestPendingAt,
    @Nullable Instant syncedAt,
    long baseBytes,
    long ledgerBytes,
    long deadRows,
    @Nullable String xminHolder,
    long xminAge)
    implements Kept {

  /** The most pending rows of a part that are counted. */
  public static final int MAX_COUNTED = 1_000_000;

  @Override
  public Storage storage() {
    return new Storage(baseBytes, ledgerBytes, deadRows, xminHolder, xminAge);
  }

  /** {@inheritDoc} What is not folded yet is in the view as well. */
  @Override
  public Instant asOf(Instant now) {
    return now;
  }

  LedgerState plus(LedgerState other) {
    return new LedgerState(
        exact && other.exact,
        reason == null ? other.reason : reason,
        pending + other.pending,
        earlier(oldestPendingAt, other.oldestPendingAt),
        earlier(syncedAt, other.syncedAt),
        baseBytes + other.baseBytes,
        ledgerBytes + other.ledgerBytes,
        deadRows + other.deadRows,
        xminHolder,
        xminAge);
  }

  private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.isBefore(other) ? one : other;
  }
}
