package dev.carillon.birthday;

import dev.carillon.event.Event;
import java.time.Instant;
import java.util.Optional;

/** Plans events that the database refuses. */
record BrokenType(UserEventType type) implements UserEventType {

  @Override
  public String name() {
    return type.name();
  }

  @Override
  public String payload(Event event) {
    return type.payload(event);
  }

  @Override
  public Optional<Event> next(Event event) {
    return type.next(event);
  }

  @Override
  public Event first(User user, Instant now, int usedUpToYear) {
    Event event = type.first(user, now, usedUpToYear);
    return new Event(
        event.id(), event.subject(), event.type(), event.idempotencyKey(), event.at(), "not JSON");
  }

  @Override
  public Event changed(Event pending, User user, Instant now, int usedUpToYear) {
    return type.changed(pending, user, now, usedUpToYear);
  }

  @Override
  public Event after(Event inFlight, User user, Instant now) {
    return type.after(inFlight, user, now);
  }
}
