package dev.carillon.refresh.record;

import static java.util.Objects.requireNonNull;

import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RecordKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a record that was fetched.
 *
 * @param key which record
 * @param fetchedAt when the source was asked: the record is as fresh as this
 * @param freshUntil asking again before brings the same
 * @param lookAt when the source wants it to be looked at again; null if it does not say
 * @param changedAt when it was last seen to have changed; null if it never has been found
 * @param missing why the source does not have it; null if it does
 */
public record RecordState(
    RecordKey key,
    Instant fetchedAt,
    Instant freshUntil,
    @Nullable Instant lookAt,
    @Nullable Instant changedAt,
    @Nullable String missing) {

  public RecordState {
    requireNonNull(key, "key is null");
    requireNonNull(fetchedAt, "fetchedAt is null");
    requireNonNull(freshUntil, "freshUntil is null");
  }

  /** Whether the source had it. */
  public boolean found() {
    return missing == null;
  }

  /**
   * From when on it is too stale for a priority. It is fresh for as long as the priority allows,
   * but no longer than the source says itself; and it is fresh in any case as long as a call would
   * bring the same.
   */
  public Instant staleFrom(Priority priority) {
    Instant allowed = fetchedAt.plus(priority.staleness());
    Instant wanted = lookAt != null && lookAt.isBefore(allowed) ? lookAt : allowed;
    return wanted.isAfter(freshUntil) ? wanted : freshUntil;
  }

  /** Whether it is fresh enough for a priority. */
  public boolean isFresh(Priority priority, Instant now) {
    return now.isBefore(staleFrom(priority));
  }
}
