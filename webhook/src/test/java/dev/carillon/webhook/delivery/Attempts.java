package dev.carillon.webhook.delivery;

import dev.carillon.event.Event;
import dev.carillon.target.Attempt;
import dev.carillon.time.Occurrence;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * Attempts to deliver with. They begin now: the official verifier has no clock but the system's.
 */
final class Attempts {

  static final String PAYLOAD = "{\"message\":\"Hey, Zoë it's your birthday 🎂\"}";

  private Attempts() {}

  static Attempt first() {
    return late(Duration.ZERO);
  }

  static Attempt late(Duration by) {
    Instant now = InstantSource.system().instant().truncatedTo(ChronoUnit.MILLIS);
    return new Attempt(event(now.minus(by), "BIRTHDAY"), 1, now, PAYLOAD);
  }

  static Attempt ofType(String type) {
    Instant now = InstantSource.system().instant();
    return new Attempt(event(now, type), 1, now, PAYLOAD);
  }

  static Attempt next(Attempt failed, Duration after) {
    return new Attempt(
        failed.event(), failed.number() + 1, failed.startedAt().plus(after), failed.payload());
  }

  private static Event event(Instant due, String type) {
    LocalDateTime local = LocalDateTime.ofInstant(due, ZoneOffset.UTC);
    Occurrence at = new Occurrence(local, ZoneOffset.UTC, due, "2026f");
    return new Event(UUID.randomUUID(), UUID.randomUUID(), type, "key", at, "{}");
  }
}
