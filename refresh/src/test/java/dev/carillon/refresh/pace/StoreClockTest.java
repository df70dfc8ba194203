package dev.carillon.refresh.pace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.refresh.pace.TempoStore.StoreClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StoreClockTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final long MILLI = 1_000_000;

  @Test
  void aReadingIsThatOfTheMiddleAndWrongByHalfAtMost() {
    assertThat(StoreClock.read(NOW, 100, 300)).isEqualTo(new StoreClock(NOW, 200, 100));
  }

  @Test
  void anAnswerThatWasHeldUpDoesNotReplaceAGoodOne() {
    StoreClock good = StoreClock.read(NOW, 0, MILLI);
    StoreClock heldUp = StoreClock.read(NOW.plusMillis(100), 100 * MILLI, 120 * MILLI);

    assertThat(good.or(heldUp)).isEqualTo(good);
    assertThat(heldUp.or(StoreClock.read(NOW.plusMillis(200), 200 * MILLI, 201 * MILLI)).error())
        .isEqualTo(MILLI / 2);
  }

  @Test
  void aGoodOneIsReplacedWhenClocksMayHaveGoneApart() {
    StoreClock good = StoreClock.read(NOW, 0, MILLI);
    long later = Duration.ofSeconds(30).toNanos();
    StoreClock fair = StoreClock.read(NOW.plusSeconds(30), later, later + 10 * MILLI);

    assertThat(good.or(fair)).isEqualTo(fair);
  }

  @Test
  void aClockThatWasSetIsBelieved() {
    StoreClock good = StoreClock.read(NOW, 0, MILLI);
    StoreClock set = StoreClock.read(NOW.plusSeconds(60), 100 * MILLI, 120 * MILLI);

    assertThat(good.or(set)).isEqualTo(set);
  }
}
