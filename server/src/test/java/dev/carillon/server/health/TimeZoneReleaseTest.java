package dev.carillon.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TimeZoneReleaseTest {

  private static final Map<String, Integer> NEWEST =
      Map.of(
          "America/Coyhaique", -3,
          "America/Vancouver", -7,
          "America/Edmonton", -6,
          "America/Winnipeg", -5,
          "America/Havana", -4);

  @Test
  void allFactsMakeTheNewestRelease() {
    assertThat(release(NEWEST)).isEqualTo(">= 2026f");
  }

  @Test
  void theFirstFactThatIsMissingEndsTheRange() {
    assertThat(release(Map.of("America/Coyhaique", -3, "America/Vancouver", -8)))
        .isEqualTo(">= 2025b, < 2026b");
  }

  @Test
  void withoutAnyFactItIsOlderThanTheOldest() {
    assertThat(release(Map.of())).isEqualTo("< 2025b");
  }

  private static String release(Map<String, Integer> hours) {
    return TimeZoneRelease.of(
        (zone, _) -> Optional.ofNullable(hours.get(zone)).map(ZoneOffset::ofHours));
  }
}
