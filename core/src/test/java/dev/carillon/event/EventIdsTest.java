package dev.carillon.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.memory.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventIdsTest {

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-22T09:00:00.123Z"));
  private final EventIds ids = new EventIds(clock);

  @Test
  void idsMadeLaterSortLaterAsUuidsAndAsText() {
    List<UUID> made = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      made.add(ids.next());
      clock.advance(Duration.ofMillis(1));
    }

    assertThat(made).isSorted();
    assertThat(made.stream().map(UUID::toString)).isSorted();
  }

  @Test
  void idsAreOfVersion7AndCarryTheirMillisecond() {
    UUID id = ids.next();

    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(clock.millis());
  }

  @Test
  void idsOfOneMillisecondDiffer() {
    Set<UUID> made = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      made.add(ids.next());
    }

    assertThat(made).hasSize(10_000);
  }
}
