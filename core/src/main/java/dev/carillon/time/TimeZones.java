package dev.carillon.time;

import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.time.zone.ZoneRulesProvider;

/** A release of the IANA time zone database: the rules of every zone, and the release's name. */
public interface TimeZones {

  /** The release, such as {@code 2026a}. Releases sort by name. */
  String version();

  /**
   * The rules of a zone.
   *
   * @throws java.time.zone.ZoneRulesException if this release does not know the zone
   */
  ZoneRules rules(ZoneId zone);

  /** The release that this JVM carries. */
  static TimeZones ofJvm() {
    return new TimeZones() {
      @Override
      public String version() {
        return ZoneRulesProvider.getVersions("UTC").lastEntry().getKey();
      }

      @Override
      public ZoneRules rules(ZoneId zone) {
        return zone.getRules();
      }
    };
  }
}
