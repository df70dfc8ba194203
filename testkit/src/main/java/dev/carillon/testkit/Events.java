package dev.carillon.testkit;

import dev.carillon.event.Event;
import dev.carillon.event.EventIds;
import dev.carillon.time.Occurrence;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Makes events for tests: of type TEST, in UTC, with keys of their own. */
public final class Events {

  /** The type that all of them have. */
  public static final String TYPE = "TEST";

  private static final EventIds IDS = new EventIds(InstantSource.system());

  private Events() {}

  /** An event that is due at an instant. */
  public static Event dueAt(Instant instant) {
    return withKey("test:" + UUID.randomUUID(), instant);
  }

  /** An event with a given idempotency key. */
  public static Event withKey(String key, Instant instant) {
    return event(UUID.randomUUID(), key, instant);
  }

  /** An event of a given subject. */
  public static Event ofSubject(UUID subject, Instant instant) {
    return event(subject, "test:" + UUID.randomUUID(), instant);
  }

  /** Many events that are due at the same instant. */
  public static List<Event> manyDueAt(Instant instant, int count) {
    List<Event> events = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      events.add(dueAt(instant));
    }
    return events;
  }

  private static Event event(UUID subject, String key, Instant instant) {
    LocalDateTime local = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    Occurrence at = new Occurrence(local, ZoneId.of("UTC"), instant, "2026a");
    return new Event(IDS.next(), subject, TYPE, key, at, "{\"name\": \"Ada\"}");
  }
}
