package dev.carillon.refresh.request;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A wish that a record be fetched again.
 *
 * @param key which record
 * @param priority how urgent it is
 * @param requestedAt when it was first wished for
 */
public record RefreshRequest(RecordKey key, Priority priority, Instant requestedAt) {

  public RefreshRequest {
    requireNonNull(key, "key is null");
    requireNonNull(priority, "priority is null");
    requireNonNull(requestedAt, "requestedAt is null");
  }

  /**
   * When it should be done. Queues are drained in this order: within a priority that is the order
   * of arrival, and no priority starves, since a later deadline becomes the earliest in the end
   * (earliest deadline first: Liu and Layland, 1973).
   */
  public Instant deadline() {
    return requestedAt.plus(priority.staleness());
  }
}
