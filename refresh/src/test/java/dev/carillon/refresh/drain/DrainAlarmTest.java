package dev.carillon.refresh.drain;

import static dev.carillon.refresh.drain.DrainAlarm.BROKEN;
import static dev.carillon.refresh.drain.DrainAlarm.CROWDED;
import static dev.carillon.refresh.drain.DrainAlarm.FAILURES;
import static dev.carillon.refresh.drain.DrainAlarm.LONG_DRAIN;
import static dev.carillon.refresh.drain.DrainAlarm.NO_DRAIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.refresh.drain.DrainAlarm.Seen;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DrainAlarmTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Instant LONG_AGO = NOW.minus(Duration.ofHours(3));

  @Test
  void allIsWellWhileDrainsComeAndEnd() {
    assertThat(DrainAlarm.raised(new Seen(5, drain(120, 60), LONG_AGO, null), NOW)).isEmpty();
  }

  @Test
  void moreThanFiveFailuresInTenMinutesAreAnAlarm() {
    assertThat(DrainAlarm.raised(new Seen(6, drain(120, 60), LONG_AGO, null), NOW))
        .containsExactly(FAILURES);
  }

  @Test
  void aDrainThatCouldNotCallAnybodyIsAnAlarm() {
    for (Ended ended : Ended.values()) {
      Seen seen = new Seen(0, drain(60, 10, ended), LONG_AGO, null);
      assertThat(DrainAlarm.raised(seen, NOW).contains(BROKEN))
          .isEqualTo(ended == Ended.REFUSED || ended == Ended.UNAVAILABLE);
    }
  }

  @Test
  void fiveMinutesWithoutADrainAreAnAlarm() {
    assertThat(DrainAlarm.raised(new Seen(0, drain(300, 10), LONG_AGO, null), NOW)).isEmpty();
    assertThat(DrainAlarm.raised(new Seen(0, drain(301, 10), LONG_AGO, null), NOW))
        .containsExactly(NO_DRAIN);
    assertThat(DrainAlarm.raised(new Seen(0, null, LONG_AGO, null), NOW)).containsExactly(NO_DRAIN);
  }

  @Test
  void aProcessThatHasJustStartedMissesNoDrain() {
    Instant justNow = NOW.minusSeconds(10);
    assertThat(DrainAlarm.raised(new Seen(0, null, justNow, null), NOW)).isEmpty();
    assertThat(DrainAlarm.raised(new Seen(0, drain(4_000, 10), justNow, null), NOW)).isEmpty();
  }

  @Test
  void aDrainOfMoreThanFourMinutesIsAnAlarm() {
    assertThat(DrainAlarm.raised(new Seen(0, drain(295, 240), LONG_AGO, null), NOW)).isEmpty();
    assertThat(DrainAlarm.raised(new Seen(0, drain(295, 241), LONG_AGO, null), NOW))
        .containsExactly(LONG_DRAIN);
  }

  @Test
  void aDrainThatStillRunsIsMeasuredUpToNow() {
    assertThat(DrainAlarm.raised(new Seen(0, drain(241, null), LONG_AGO, null), NOW))
        .containsExactly(LONG_DRAIN);
  }

  @Test
  void aDrainWhoseProcessWasKilledIsMissedRatherThanLong() {
    assertThat(DrainAlarm.raised(new Seen(0, drain(90_000, null), LONG_AGO, null), NOW))
        .containsExactly(NO_DRAIN);
  }

  @Test
  void aThousandWaitingForTenMinutesAreAnAlarm() {
    Instant crowded = NOW.minusSeconds(600);
    assertThat(DrainAlarm.raised(new Seen(0, drain(60, 10), LONG_AGO, crowded), NOW)).isEmpty();
    assertThat(
            DrainAlarm.raised(new Seen(0, drain(60, 10), LONG_AGO, crowded.minusSeconds(1)), NOW))
        .containsExactly(CROWDED);
  }

  private static PastDrain drain(long secondsAgo, @Nullable Integer tookSeconds) {
    return drain(secondsAgo, tookSeconds, tookSeconds == null ? null : Ended.EMPTY);
  }

  private static PastDrain drain(
      long secondsAgo, @Nullable Integer tookSeconds, @Nullable Ended ended) {
    Instant started = NOW.minusSeconds(secondsAgo);
    return new PastDrain(
        1,
        "clash-of-clans",
        started,
        tookSeconds == null ? null : started.plusSeconds(tookSeconds),
        ended,
        null,
        0,
        0,
        0,
        0,
        0);
  }
}
