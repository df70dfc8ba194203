package dev.carillon.bench.views;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What is measured. */
public enum Measurement {
  /** How long reading a job takes in the database. */
  READ,
  /** How long it takes through the API. */
  HTTP,
  /** What bringing the view up to date costs after some changes. */
  UPDATE,
  /** The same after few and many changes, one by one and all at once. */
  SWEEP,
  /** How much less writers get done. */
  WRITE,
  /** How long a refresh takes. */
  REFRESH,
  /** How long counting a job takes. */
  COUNT;

  /**
   * Those of some names.
   *
   * @param names in any case; empty for all
   * @throws IllegalArgumentException if a name is none
   */
  public static Set<Measurement> named(List<String> names) {
    Set<Measurement> chosen = EnumSet.noneOf(Measurement.class);
    for (String name : names) {
      try {
        chosen.add(valueOf(name.strip().toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "--only: there is no measurement \"%s\", but %s".formatted(name, all()), e);
      }
    }
    return chosen.isEmpty() ? EnumSet.allOf(Measurement.class) : chosen;
  }

  private static String all() {
    return String.join(
        ", ", Arrays.stream(values()).map(one -> one.name().toLowerCase(Locale.ROOT)).toList());
  }
}
