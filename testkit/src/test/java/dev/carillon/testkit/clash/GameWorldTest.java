package dev.carillon.testkit.clash;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GameWorldTest {

  private static final Instant NOW = Instant.parse("2026-11-22T09:00:00Z");
  private static final String CLAN = GameWorld.clanTag(7);

  private final GameWorld world = new GameWorld();

  @Test
  void theSameTagAtTheSameTimeIsTheSameRecord() {
    assertThat(new GameWorld().clan(CLAN, NOW)).isEqualTo(world.clan(CLAN, NOW));
    assertThat(world.clan(GameWorld.clanTag(8), NOW)).isNotEqualTo(world.clan(CLAN, NOW));
    assertThat(world.clan(CLAN, NOW.plus(GameWorld.CHANGES_EVERY)))
        .isNotEqualTo(world.clan(CLAN, NOW));
  }

  @Test
  void aMemberSaysThatItIsInItsClan() {
    for (String member : world.members(CLAN, NOW)) {
      assertThat(world.exists(member)).isTrue();
      assertThat(world.player(member, NOW).path("clan").path("tag").asText()).isEqualTo(CLAN);
    }
    assertThat(world.player(CLAN, NOW).has("clan")).isFalse();
  }

  @Test
  void membersComeAndGo() {
    Set<String> later = new HashSet<>(world.members(CLAN, NOW.plus(Duration.ofDays(2))));
    Set<String> now = new HashSet<>(world.members(CLAN, NOW));
    assertThat(later).hasSameSizeAs(now).isNotEqualTo(now).containsAnyElementsOf(now);
  }

  @Test
  void aWarGoesThroughItsStatesInOrder() {
    assertThat(
            IntStream.range(0, 120)
                .mapToObj(hour -> world.war(CLAN, NOW.plus(Duration.ofHours(hour))))
                .map(war -> war.path("state").asText())
                .distinct())
        .containsExactlyInAnyOrder("preparation", "inWar", "warEnded", "notInWar");
  }

  @Test
  void manyClansHaveTagsOfTheirOwn() {
    assertThat(IntStream.range(0, 10_000).mapToObj(GameWorld::clanTag).distinct())
        .hasSize(10_000)
        .allMatch(world::exists);
    assertThat(world.exists("#0002PP")).isFalse();
    assertThat(world.exists("#ABC")).isFalse();
    assertThat(world.exists("2PP")).isFalse();
  }
}
