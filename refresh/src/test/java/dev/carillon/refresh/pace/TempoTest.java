package dev.carillon.refresh.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TempoTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Tempo THIRTY = Tempo.start(30, NOW);

  @ParameterizedTest
  @CsvSource({
    "30, 33750",
    "10, 101250",
    "1, 1012500",
    "0.1, 10125000",
    "7, 144643",
    "1000, 1013",
  })
  void slotsAreAsFarApartAsTheLimitWantsAndALittleMore(double limit, long micros) {
    Tempo tempo = Tempo.start(limit, NOW);

    Tempo.Reserved first = tempo.reserve(1, NOW);
    assertThat(first.slots()).containsExactly(NOW);
    assertThat(first.after().reserve(1, plusMicros(micros)).slots())
        .containsExactly(plusMicros(micros));
    assertThat(first.after().nextAt()).isEqualTo(plusMicros(micros));
  }

  @Test
  void slotsCanBeFurtherApartThanTheLimitWants() {
    Tempo.Reserved first = THIRTY.reserve(2, NOW, 1.2);

    assertThat(first.slots()).containsExactly(NOW, plusMicros(40_500));
    assertThat(first.after().reserve(1, NOW).slots()).containsExactly(plusMicros(81_000));
  }

  @Test
  void whatIsReservedIsNotGivenAgain() {
    Tempo.Reserved first = THIRTY.reserve(2, NOW);

    assertThat(first.after().reserve(1, NOW).slots()).containsExactly(plusMicros(67_500));
  }

  @Test
  void slotsAreGivenOnlyAWhileAheadWhoeverAsks() {
    Tempo.Reserved first = THIRTY.reserve(100, NOW);

    assertThat(first.slots()).hasSize(11);
    assertThat(first.slots().getLast()).isBeforeOrEqualTo(NOW.plus(Tempo.AHEAD));
    assertThat(first.after().reserve(100, NOW).slots()).isEmpty();
    assertThat(first.after().reserve(100, NOW.plusMillis(34)).slots()).hasSize(1);
  }

  @Test
  void slotsThatNobodyHasCanBeMoved() {
    Tempo after = THIRTY.reserve(1, NOW).after();

    Tempo pushed = after.pushedTo(Duration.ofNanos(5_000_001), NOW);
    assertThat(pushed.reserve(1, NOW).slots()).containsExactly(plusMicros(33_750 + 5_001));
    assertThat(pushed.pushed()).isEqualTo(Duration.ofNanos(5_001_000));
    assertThat(pushed.pushedTo(Duration.ofMillis(5), NOW)).as("so late they are").isEqualTo(pushed);
    assertThat(pushed.pushedTo(Duration.ofHours(1), NOW).nextAt())
        .isEqualTo(pushed.nextAt().plus(pushed.window(NOW)));
  }

  @Test
  void aWindowIsASecondAndALittleMore() {
    assertThat(THIRTY.window(NOW)).isEqualTo(Duration.ofNanos(1_012_500_000));
    assertThat(Tempo.start(0.5, NOW).window(NOW)).isEqualTo(Duration.ofMillis(2_025));
  }

  @Test
  void slotsThatNobodyWantedAreLost() {
    Tempo after = THIRTY.reserve(1, NOW).after();

    assertThat(after.reserve(2, NOW.plusSeconds(60)).slots())
        .containsExactly(NOW.plusSeconds(60), NOW.plusSeconds(60).plusNanos(33_750_000));
  }

  @ParameterizedTest
  @CsvSource({"0, 15", "59, 15", "60, 16", "120, 17", "899, 29", "900, 30", "90000, 30"})
  void aHalvedRateGrowsByACallEachQuietMinute(long seconds, double rate) {
    Tempo slower = THIRTY.slowed(null, NOW);

    assertThat(slower.rateAt(NOW.plusSeconds(seconds))).isEqualTo(rate);
  }

  @Test
  void theRateIsHalvedAgainEachSecondButNotBelowOneCall() {
    Tempo tempo = THIRTY;
    List<Double> rates = new ArrayList<>();
    for (int i = 1; i <= 6; i++) {
      tempo = tempo.slowed(null, NOW.plusSeconds(i));
      rates.add(tempo.rateAt(NOW.plusSeconds(i)));
    }

    assertThat(rates).containsExactly(15.0, 7.5, 3.75, 1.875, 1.0, 1.0);
  }

  @Test
  void callsThatWereMadeTogetherHalveTheRateOnce() {
    Tempo once = THIRTY.slowed(null, NOW);

    assertThat(once.slowed(null, NOW.plusMillis(999))).isEqualTo(once);
    assertThat(once.slowed(null, NOW.plusMillis(1_000)).rate()).isEqualTo(7.5);
  }

  @Test
  void aLimitBelowOneCallIsNotRaisedByHalving() {
    assertThat(Tempo.start(0.5, NOW).slowed(null, NOW).rateAt(NOW)).isEqualTo(0.5);
  }

  @Test
  void tooFastWithATimeIsAPauseToo() {
    Tempo slower = THIRTY.slowed(Duration.ofSeconds(7), NOW);

    assertThat(slower.isPaused(NOW.plusMillis(6_999))).isTrue();
    assertThat(slower.pauseReason()).isEqualTo("it is called too fast");
    assertThat(slower.rateAt(NOW)).isEqualTo(15);
  }

  @ParameterizedTest
  @CsvSource({
    ", 60",
    "PT1S, 1",
    "PT15M, 900",
    "PT16M, 900",
    "P9999D, 900",
    "PT0S, 0",
    "PT-5S, 0",
  })
  void aPauseIsAsLongAsTheSourceSaysWithinReason(@Nullable Duration wanted, long seconds) {
    assertThat(THIRTY.paused("maintenance", wanted, NOW).pausedUntil())
        .isEqualTo(NOW.plusSeconds(seconds));
  }

  @Test
  void nothingIsGivenInAPause() {
    Tempo paused = THIRTY.paused("maintenance", Duration.ofSeconds(10), NOW);

    assertThat(paused.reserve(8, NOW.plusSeconds(9)).slots()).isEmpty();
    assertThat(paused.reserve(8, NOW.plusSeconds(9)).after()).isEqualTo(paused);
    assertThat(paused.nextFree(NOW)).isEqualTo(NOW.plusSeconds(10));
  }

  @Test
  void aShorterPauseDoesNotEndALongerOne() {
    Tempo paused = THIRTY.paused("maintenance", Duration.ofSeconds(10), NOW);

    assertThat(paused.paused("again", Duration.ofSeconds(5), NOW.plusSeconds(1))).isEqualTo(paused);
    assertThat(paused.paused("again", Duration.ofSeconds(5), NOW.plusSeconds(11)).pauseReason())
        .isEqualTo("again");
  }

  @Test
  void afterAPauseOneCallIsMadeAndItsAnswerWaitedFor() {
    Instant over = NOW.plusSeconds(10);
    Tempo paused = THIRTY.paused("maintenance", Duration.ofSeconds(10), NOW);

    Tempo.Reserved probe = paused.reserve(8, over);

    assertThat(probe.slots()).containsExactly(over);
    assertThat(probe.after().pauseReason()).isNull();
    assertThat(probe.after().reserve(2, over.plusMillis(999)).slots())
        .containsExactly(over.plusSeconds(1), over.plusSeconds(1).plusNanos(33_750_000));
  }

  @Test
  void aClockThatIsSetBackStopsNothingForLong() {
    Tempo ahead = THIRTY.reserve(1, NOW.plus(Duration.ofHours(1))).after();
    Tempo paused = THIRTY.paused("maintenance", null, NOW.plus(Duration.ofHours(1)));

    assertThat(ahead.reserve(1, NOW).slots()).containsExactly(NOW);
    assertThat(paused.isPaused(NOW)).isFalse();
  }

  @Test
  void anotherLimitHoldsFromTheNextSlotOn() {
    Tempo ten = THIRTY.reserve(1, NOW).after().withLimit(10);

    assertThat(ten.reserve(2, NOW).slots())
        .containsExactly(plusMicros(33_750), plusMicros(135_000));
    assertThat(ten.withLimit(30)).isEqualTo(THIRTY.reserve(1, NOW).after());
    assertThat(THIRTY.slowed(null, NOW).withLimit(40).rateAt(NOW)).isEqualTo(15);
  }

  @Test
  void processesWithAnotherLimitDoNotForgetASlowing() {
    Tempo slowed = THIRTY.slowed(null, NOW).withLimit(10);

    assertThat(slowed.rateAt(NOW)).isEqualTo(10);
    assertThat(slowed.withLimit(30).rateAt(NOW)).isEqualTo(15);
    assertThat(slowed.withLimit(15).withLimit(30).rateAt(NOW)).isEqualTo(15);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 0.09, 1_001, Double.NaN, Double.POSITIVE_INFINITY})
  void aLimitMustBeWithinReason(double limit) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tempo.start(limit, NOW))
        .withMessageStartingWith("limit must be from 0.1 to 1000.0 calls a second, not ");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 30, 100})
  void noSecondHasMoreSlotsThanTheLimitWhoeverReserves(int limit) {
    Random random = new Random(limit);
    Tempo tempo = Tempo.start(limit, NOW);
    Instant now = NOW;
    List<Instant> slots = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      now = now.plusNanos(1_000L * random.nextInt(3_000_000 / limit));
      // Nobody reserves more while much of what was reserved is still to come.
      now = tempo.nextAt().isAfter(now.plusSeconds(60)) ? tempo.nextAt().minusSeconds(30) : now;
      tempo =
          switch (random.nextInt(2_000)) {
            case 0 -> tempo.slowed(null, now);
            case 1 -> tempo.paused("maintenance", Duration.ofMillis(random.nextInt(2_000)), now);
            default -> {
              Tempo.Reserved reserved = tempo.reserve(1 + random.nextInt(8), now);
              slots.addAll(reserved.slots());
              yield reserved.after();
            }
          };
    }

    assertThat(slots).hasSizeGreaterThan(2_000).isSorted();
    for (int i = limit; i < slots.size(); i++) {
      assertThat(Duration.between(slots.get(i - limit), slots.get(i)))
          .isGreaterThan(Duration.ofSeconds(1));
    }
  }

  @Test
  void whileTheQueueIsFullNearlyTheWholeLimitIsUsed() {
    Tempo tempo = THIRTY;
    Instant last = NOW;
    for (int i = 0; i < 1_000; i++) {
      Tempo.Reserved reserved = tempo.reserve(3, last);
      tempo = reserved.after();
      last = reserved.slots().getLast();
    }

    double rate = 3_000 / (Duration.between(NOW, last).toMillis() / 1_000.0);
    assertThat(rate / 30).isCloseTo(0.9877, within(0.001));
  }

  private static Instant plusMicros(long micros) {
    return NOW.plusNanos(1_000 * micros);
  }
}
