package dev.carillon.engine;

import static java.util.Objects.requireNonNull;

import dev.carillon.event.EventType;
import dev.carillon.target.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The event types that an engine performs, each with its target. */
public final class EventTypes {

  /** A type and what is done when an event of it is due. */
  public record Registration(EventType type, Target target) {
    public Registration {
      requireNonNull(type, "type is null");
      requireNonNull(target, "target is null");
    }
  }

  private final Map<String, Registration> byName = new HashMap<>();

  /**
   * The given types.
   *
   * @throws IllegalArgumentException if two have the same name
   */
  public EventTypes(List<Registration> registrations) {
    for (Registration registration : registrations) {
      String name = registration.type().name();
      if (byName.put(name, registration) != null) {
        throw new IllegalArgumentException("two event types are named " + name);
      }
    }
  }

  Optional<Registration> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }
}
