package dev.carillon.server.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.refresh.drain.Ended;
import dev.carillon.refresh.drain.PastDrain;
import dev.carillon.refresh.drain.Progress;
import dev.carillon.refresh.drain.RefreshHealth;
import dev.carillon.refresh.pace.Pace;
import dev.carillon.refresh.queue.RefreshQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RefreshStateTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final String SAID = "503 maintenance: not for 203.0.113.9";

  @Test
  void whatTheSourceSaidIsNotForAnybody() {
    PastDrain drain =
        new PastDrain(1, "x", NOW, NOW, Ended.PAUSED, "paused until then: " + SAID, 0, 0, 0, 1, 0);
    RefreshHealth health =
        new RefreshHealth(
            "x",
            new RefreshQueue.State(NOW, Map.of(), Map.of(), 0, 0),
            new Pace.Reading(30, 30, NOW, SAID),
            0,
            drain,
            List.of());
    Progress paused = new Progress(0, 0, 0, 1L, 0, Duration.ZERO, SAID);
    RefreshState state =
        RefreshState.of(
            health, Inbox.Seen.NOTHING, List.of(new Drains.Underway(NOW, paused)), Set.of());

    RefreshState shown = state.forAnybody();

    assertThat(state.toString()).contains("203.0.113.9");
    assertThat(shown.toString()).doesNotContain("203.0.113.9");
    assertThat(shown.pauseReason()).isEqualTo("503 maintenance");
    assertThat(shown.pausedUntil()).isEqualTo(NOW);
    assertThat(shown.running().getFirst().pause()).isEqualTo("503 maintenance");
    assertThat(shown.lastDrain()).returns("paused", RefreshState.LastDrain::ended);
  }
}
