package dev.carillon.schedule.expression;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How policies and states are spelled where people write them: as their names, in small letters.
 * What is read may have capitals, and spaces or hyphens for {@code _}.
 */
public final class Spelling {

  private Spelling() {}

  /** A value as it is spelled: {@code shift_forward}. */
  public static String of(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The value that a text spells, be it {@code shift_forward}, {@code shift-forward} or {@code
   * SHIFT FORWARD}; empty if it spells none.
   */
  public static <E extends Enum<E>> Optional<E> read(Class<E> type, String text) {
    String name = text.strip().replace('-', '_').replace(' ', '_').toUpperCase(Locale.ROOT);
    return Arrays.stream(type.getEnumConstants())
        .filter(value -> value.name().equals(name))
        .findFirst();
  }

  /** All spellings, in words. */
  public static <E extends Enum<E>> String allowed(Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(Spelling::of)
        .collect(Collectors.joining(", ", "one of ", ""));
  }
}
