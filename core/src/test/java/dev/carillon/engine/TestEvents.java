package dev.carillon.engine;

import dev.carillon.event.Event;
import dev.carillon.event.EventIds;
import dev.carillon.event.EventType;
import dev.carillon.time.Occurrence;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/** Events of a type that comes again every day, in UTC. */
final class TestEvents {

  static final Instant NOW = Instant.parse("2026-06-01T09:00:00Z");

  private static final EventIds IDS = new EventIds(InstantSource.system());

  private TestEvents() {}

  static Event dueAt(Instant instant) {
    return of(UUID.randomUUID(), instant);
  }

  static Event of(UUID subject, Instant instant) {
    LocalDateTime local = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    Occurrence at = new Occurrence(local, ZoneId.of("UTC"), instant, "2026a");
    String key = "DAILY:%s:%s".formatted(subject, local.toLocalDate());
    return new Event(IDS.next(), subject, "DAILY", key, at, "{}");
  }

  /** Says its event's id, and comes again the next day. */
  static class Daily implements EventType {

    @Override
    public String name() {
      return "DAILY";
    }

    @Override
    public String payload(Event event) {
      return "{\"id\":\"" + event.id() + "\"}";
    }

    @Override
    public Optional<Event> next(Event event) {
      return Optional.of(of(event.subject(), event.at().instant().plus(Duration.ofDays(1))));
    }
  }
}
