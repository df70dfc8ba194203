package dev.carillon.birthday;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.UUID;

/**
 * Someone who has yearly events.
 *
 * @param id names the user for ever
 * @param details what the user told us
 * @param createdAt when the user was created
 * @param updatedAt when the details last changed; {@code createdAt} if never
 */
public record User(UUID id, UserDetails details, Instant createdAt, Instant updatedAt) {

  public User {
    requireNonNull(id, "id is null");
    requireNonNull(details, "details is null");
    requireNonNull(createdAt, "createdAt is null");
    requireNonNull(updatedAt, "updatedAt is null");
  }
}
