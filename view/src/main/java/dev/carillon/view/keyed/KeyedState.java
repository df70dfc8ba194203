package dev.carillon.view.keyed;

import dev.carillon.view.capture.Storage;
import dev.carillon.view.keeper.Kept;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a view that is kept by its keys is at this moment.
 *
 * @param exact whether all that it lacks is recorded: then it equals its query once that is worked
 *     off
 * @param reason why not; null if exact
 * @param pending recorded keys that are not worked off yet; {@link #MAX_COUNTED} stands for more
 * @param oldestPendingAt when the oldest of these was recorded; what was committed before then is
 *     in the view
 * @param readAt the database's time at this look; what was committed before then is in the view if
 *     nothing is pending
 * @param syncedAt when it was last filled whole; null if never
 * @param workedAt when keys were last worked off; null if never
 * @param storage the room that it takes
 */
public record KeyedState(
    boolean exact,
    @Nullable String reason,
    long pending,
    @Nullable Instant oldestPendingAt,
    Instant readAt,
    @Nullable Instant syncedAt,
    @Nullable Instant workedAt,
    Storage storage)
    implements Kept {

  /** The most pending keys that are counted. */
  public static final int MAX_COUNTED = 1_000_000;

  /** What was committed before this time is in the view. */
  public Instant asOf() {
    return oldestPendingAt == null ? readAt : oldestPendingAt;
  }

  @Override
  public Instant asOf(Instant now) {
    return asOf();
  }
}
