package dev.carillon.webhook.delivery;

import dev.carillon.event.Event;
import dev.carillon.event.EventType;
import dev.carillon.testkit.Events;
import java.util.Optional;

/** The type of the events that tests make: its data is its payload, and nothing follows it. */
final class Once implements EventType {

  @Override
  public String name() {
    return Events.TYPE;
  }

  @Override
  public String payload(Event event) {
    return event.data();
  }

  @Override
  public Optional<Event> next(Event event) {
    return Optional.empty();
  }
}
