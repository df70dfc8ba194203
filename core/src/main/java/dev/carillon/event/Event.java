package dev.carillon.event;

import static java.util.Objects.requireNonNull;

import dev.carillon.time.Occurrence;
import java.util.UUID;

/**
 * One occurrence of something due: what is to be done, for whom, and when.
 *
 * @param id names the event for ever, over all its attempts; time-ordered
 * @param subject whom the event is about, such as a user
 * @param type the {@link EventType}'s name
 * @param idempotencyKey what makes it the only one of its kind, such as type, user and year
 * @param at when it is due
 * @param data what its type needs to perform it and to plan the next one: a JSON object
 */
public record Event(
    UUID id, UUID subject, String type, String idempotencyKey, Occurrence at, String data) {

  /** The longest type name, in characters. */
  public static final int MAX_TYPE_LENGTH = 64;

  /** The longest idempotency key, in characters. */
  public static final int MAX_KEY_LENGTH = 200;

  /** The most data an event carries, in characters. */
  public static final int MAX_DATA_LENGTH = 65_536;

  public Event {
    requireNonNull(id, "id is null");
    requireNonNull(subject, "subject is null");
    requireNonNull(at, "at is null");
    requireLength(type, MAX_TYPE_LENGTH, "type");
    requireLength(idempotencyKey, MAX_KEY_LENGTH, "idempotencyKey");
    requireLength(data, MAX_DATA_LENGTH, "data");
  }

  private static void requireLength(String text, int most, String name) {
    requireNonNull(text, name + " is null");
    if (text.isEmpty() || text.length() > most) {
      throw new IllegalArgumentException(
          "%s has %d characters: from 1 to %d are allowed".formatted(name, text.length(), most));
    }
  }
}
