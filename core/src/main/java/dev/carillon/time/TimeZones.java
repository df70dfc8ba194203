package dev.carillon.time;

import static java.util.Objects.requireNonNull;

import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.time.zone.ZoneRulesException;
import java.time.zone.ZoneRulesProvider;
import java.util.Optional;

/** A release of the IANA time zone database: the rules of every zone, and the release's name. */
public interface TimeZones {

  /** The release, such as {@code 2026a}. Releases sort by name. */
  String version();

  /**
   * The rules of a zone.
   *
   * @throws ZoneRulesException if this release does not know the zone
   */
  ZoneRules rules(ZoneId zone);

  /**
   * The zone of an IANA name, aliases included; empty if it is not known. An offset, such as {@code
   * +02:00} or {@code UTC+2}, is no zone: it does not follow the clocks of any place.
   */
  default Optional<ZoneId> find(String name) {
    if (!ZoneRulesProvider.getAvailableZoneIds().contains(name)) {
      return Optional.empty();
    }
    ZoneId zone = ZoneId.of(name);
    try {
      requireNonNull(rules(zone), "rules is null");
      return Optional.of(zone);
    } catch (ZoneRulesException e) {
      return Optional.empty();
    }
  }

  /** The release that this JVM carries. */
  static TimeZones ofJvm() {
    // Asked once: the provider makes a new map for each answer.
    String version = ZoneRulesProvider.getVersions("UTC").lastEntry().getKey();
    return new TimeZones() {
      @Override
      public String version() {
        return version;
      }

      @Override
      public ZoneRules rules(ZoneId zone) {
        return zone.getRules();
      }
    };
  }
}
