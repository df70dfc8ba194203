package dev.carillon.server.health;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * Tells releases of the IANA time zone database apart by what they say, where nothing tells their
 * name: PostgreSQL has no function for it. From the release notes in the database's own NEWS file.
 */
final class TimeZoneRelease {

  /**
   * Something that a release said first.
   *
   * @param release its name
   * @param zone the zone that it changed or added
   * @param at when the change shows
   * @param offset the offset from then on
   */
  record Fact(String release, String zone, Instant at, ZoneOffset offset) {}

  /** Says the offset of a zone at an instant; empty if it does not know the zone. */
  @FunctionalInterface
  interface Offsets {
    Optional<ZoneOffset> at(String zone, Instant instant);
  }

  private static final Instant WINTER_2026 = Instant.parse("2026-12-15T17:00:00Z");

  /** The known facts, the oldest first. */
  static final List<Fact> FACTS =
      List.of(
          fact("2025b", "America/Coyhaique", -3),
          fact("2026b", "America/Vancouver", -7),
          fact("2026c", "America/Edmonton", -6),
          fact("2026d", "America/Winnipeg", -5),
          fact("2026f", "America/Havana", -4));

  private TimeZoneRelease() {}

  /** The releases that it may be, such as {@code >= 2025b, < 2026b}. */
  static String of(Offsets offsets) {
    int known = 0;
    while (known < FACTS.size() && holds(FACTS.get(known), offsets)) {
      known++;
    }
    if (known == 0) {
      return "< " + FACTS.getFirst().release();
    }
    String least = ">= " + FACTS.get(known - 1).release();
    return known == FACTS.size() ? least : least + ", < " + FACTS.get(known).release();
  }

  private static boolean holds(Fact fact, Offsets offsets) {
    return offsets.at(fact.zone(), fact.at()).filter(fact.offset()::equals).isPresent();
  }

  private static Fact fact(String release, String zone, int hours) {
    return new Fact(release, zone, WINTER_2026, ZoneOffset.ofHours(hours));
  }
}
