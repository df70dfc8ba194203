package dev.carillon.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.time.zone.ZoneRulesException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeZonesTest {

  private static final TimeZones ZONES = TimeZones.ofJvm();

  @Test
  void theReleaseOfTheJvmIsNamedAsIanaNamesThem() {
    assertThat(ZONES.version()).matches("20[0-9]{2}[a-z]+");
  }

  @Test
  void everyZoneOfTheJvmIsFoundByItsName() {
    assertThat(ZoneId.getAvailableZoneIds())
        .hasSizeGreaterThan(500)
        .allSatisfy(name -> assertThat(ZONES.find(name)).contains(ZoneId.of(name)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "GMT", "Etc/GMT+5", "US/Pacific", "Asia/Calcutta", "Europe/Kyiv"})
  void aliasesAndUtcAreZones(String name) {
    assertThat(ZONES.find(name)).map(ZoneId::getId).contains(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "Z",
        "+02:00",
        "-8",
        "UTC+2",
        "GMT-03:00",
        "UT+1",
        "europe/berlin",
        "Mars/Base",
        " Europe/Berlin",
        "Europe/Berlin ",
        "../etc/passwd",
        "Europe/Berlin\u0000"
      })
  void offsetsAndUnknownNamesAreNoZones(String name) {
    assertThat(ZONES.find(name)).isEmpty();
  }

  @Test
  void aZoneThatTheReleaseDoesNotHaveIsNotFound() {
    TimeZones onlyUtc =
        new TimeZones() {
          @Override
          public String version() {
            return "1970a";
          }

          @Override
          public ZoneRules rules(ZoneId zone) {
            if (!zone.getId().equals("UTC")) {
              throw new ZoneRulesException("unknown: " + zone);
            }
            return zone.getRules();
          }
        };

    assertThat(onlyUtc.find("UTC")).contains(ZoneId.of("UTC"));
    assertThat(onlyUtc.find("Europe/Berlin")).isEmpty();
  }
}
