package dev.carillon.event;

import java.util.Optional;

/**
 * A kind of event: what it says when it is due and what follows it. Implementations are pure and
 * safe for use by many threads.
 */
public interface EventType {

  /** The name that events of this type carry. */
  String name();

  /**
   * The JSON object handed to the target.
   *
   * @throws RuntimeException if the event's data cannot be read: the event fails for good
   */
  String payload(Event event);

  /**
   * Where the event goes, in its target's words; empty: where the target brings what says nothing.
   */
  default Optional<String> destination(Event event) {
    return Optional.empty();
  }

  /** The event that follows when this one has ended, whether it was done or failed for good. */
  Optional<Event> next(Event event);
}
