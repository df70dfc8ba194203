package dev.carillon.store;

import static java.util.Objects.requireNonNull;

import dev.carillon.event.Event;
import dev.carillon.event.EventStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event as it stands.
 *
 * @param event what it is
 * @param status where it stands
 * @param version how often it was claimed
 * @param attempts how many attempts were begun
 * @param executedAt when its last attempt ended, once it has ended for good; else null
 * @param failureReason why its last attempt failed; null if none did
 */
public record EventRecord(
    Event event,
    EventStatus status,
    long version,
    int attempts,
    @Nullable Instant executedAt,
    @Nullable String failureReason) {

  public EventRecord {
    requireNonNull(event, "event is null");
    requireNonNull(status, "status is null");
  }
}
