package dev.carillon.server.apikey;

import static java.util.Objects.requireNonNull;

import dev.carillon.server.security.Role;
import java.time.Instant;
import java.util.UUID;

/**
 * A machine's key, without the key itself.
 *
 * @param id names it for ever
 * @param name tells people what uses it
 * @param role what its holder may do: {@link Role#ADMIN} or {@link Role#SERVICE}
 * @param createdAt when it was made
 */
public record ApiKey(UUID id, String name, Role role, Instant createdAt) {

  /** The longest name, in characters. */
  public static final int MAX_NAME_LENGTH = 100;

  public ApiKey {
    requireNonNull(id, "id is null");
    requireNonNull(role, "role is null");
    requireNonNull(createdAt, "createdAt is null");
    if (name.isBlank() || name.length() > MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          "a name has from 1 to %d characters".formatted(MAX_NAME_LENGTH));
    }
    if (role == Role.USER) {
      throw new IllegalArgumentException("a key is for a machine: admin or service");
    }
  }
}
