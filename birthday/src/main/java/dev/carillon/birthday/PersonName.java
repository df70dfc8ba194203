package dev.carillon.birthday;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * The rule for a first or last name: 1 to {@link #MAX_LENGTH} characters (code points, as
 * PostgreSQL counts them), none of them a control, no blank at either end. Any script is fine.
 */
final class PersonName {

  /** The longest name, in characters. */
  static final int MAX_LENGTH = 100;

  private PersonName() {}

  /** What is wrong with a name; empty if nothing. */
  static Optional<String> problem(String name) {
    if (name.codePoints().anyMatch(PersonName::isControl)) {
      return Optional.of("must not contain control characters");
    }
    if (name.codePoints().allMatch(Character::isSpaceChar)) {
      return Optional.of("must not be blank: from 1 to %d characters".formatted(MAX_LENGTH));
    }
    if (name.codePointCount(0, name.length()) > MAX_LENGTH) {
      return Optional.of("must not be longer than %d characters".formatted(MAX_LENGTH));
    }
    return name.equals(strip(name))
        ? Optional.empty()
        : Optional.of("must not begin or end with a blank");
  }

  /**
   * The name without the blanks around it. Only spaces go: a line feed at the end is a control, and
   * reported.
   */
  static String strip(String name) {
    int start = 0;
    int end = name.length();
    while (start < end && Character.isSpaceChar(name.charAt(start))) {
      start++;
    }
    while (end > start && Character.isSpaceChar(name.charAt(end - 1))) {
      end--;
    }
    return name.substring(start, end);
  }

  static void require(String name, String component) {
    requireNonNull(name, component + " is null");
    problem(name)
        .ifPresent(problem -> {
          throw new IllegalArgumentException(component + " " + problem);
        });
  }

  /**
   * Controls, line ends, halves of a surrogate pair (no UTF-8 has them) and the characters that
   * reverse the direction of whatever text follows.
   */
  static boolean isControl(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default ->
          (codePoint >= 0x202A && codePoint <= 0x202E)
              || (codePoint >= 0x2066 && codePoint <= 0x2069);
    };
  }
}
