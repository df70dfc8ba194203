package dev.carillon.schedule.expression;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a recurrence rule as they were written, such as {@code FREQ=DAILY}; each name comes
 * once.
 *
 * @param all the parts in their order
 */
record RruleParts(List<Word> all) {

  private static final List<String> NAMES =
      List.of(
          "FREQ",
          "INTERVAL",
          "COUNT",
          "UNTIL",
          "WKST",
          "BYMONTH",
          "BYWEEKNO",
          "BYYEARDAY",
          "BYMONTHDAY",
          "BYDAY",
          "BYHOUR",
          "BYMINUTE",
          "BYSECOND",
          "BYSETPOS",
          "RSCALE",
          "SKIP");

  static RruleParts read(Word body) throws Unreadable {
    List<Word> parts = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Word part : body.split(';')) {
      if (part.isEmpty()) {
        throw part.wrong("A part such as FREQ=DAILY is missing.");
      }
      if (part.text().indexOf('=') < 0 || !NAMES.contains(name(part))) {
        throw part.wrong(
            "A part of a rule is one of %s, then = and a value."
                .formatted(String.join(", ", NAMES)));
      }
      if (!seen.add(name(part))) {
        throw part.wrong("%s may be there once.".formatted(name(part)));
      }
      parts.add(part);
    }
    return new RruleParts(parts);
  }

  /** The part with a name. */
  @Nullable Word find(String name) {
    return all.stream().filter(part -> name(part).equals(name)).findFirst().orElse(null);
  }

  /** Only the parts with some names. */
  RruleParts only(List<String> names) {
    return new RruleParts(all.stream().filter(part -> names.contains(name(part))).toList());
  }

  /** All parts but those with some names. */
  RruleParts without(Set<String> names) {
    return new RruleParts(all.stream().filter(part -> !names.contains(name(part))).toList());
  }

  String text() {
    return all.stream().map(Word::text).collect(Collectors.joining(";"));
  }

  /** The name of a part, in capitals. */
  static String name(Word part) {
    return part.text().split("=", 2)[0].toUpperCase(Locale.ROOT);
  }

  /** The value of a part, in capitals. */
  static String value(Word part) {
    return part.text().substring(part.text().indexOf('=') + 1).toUpperCase(Locale.ROOT);
  }
}
