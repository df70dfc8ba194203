package dev.carillon.birthday;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a {@link Template} may ask for. */
public enum Placeholder {
  /** The user's first name. */
  FIRST_NAME,
  /** The user's last name. */
  LAST_NAME,
  /** The user's date of birth, such as 2000-02-29. */
  DATE_OF_BIRTH,
  /** How old the user becomes in the event's year. */
  AGE,
  /** How many years the event's year is after the date that the event follows. */
  YEARS,
  /** The event's year. */
  YEAR,
  /** The event's date in the user's zone, such as 2026-03-01. */
  DATE;

  /** The name in a template, such as {@code first_name}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Placeholder> of(String key) {
    return Arrays.stream(values()).filter(p -> p.key().equals(key)).findFirst();
  }

  static String known() {
    return Arrays.stream(values()).map(p -> "{" + p.key() + "}").collect(Collectors.joining(", "));
  }
}
