package dev.carillon.server.security;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a caller may do. */
public enum Role {
  /** Everything, API keys included. */
  ADMIN,
  /** Their own data. */
  USER,
  /** All users and events, for machines. */
  SERVICE;

  /** The role of a name in lower case, as tokens and JSON spell it. */
  public static Optional<Role> named(String name) {
    return Arrays.stream(values()).filter(role -> role.spelled().equals(name)).findFirst();
  }

  /** The name in lower case. */
  public String spelled() {
    return name().toLowerCase(Locale.ROOT);
  }
}
