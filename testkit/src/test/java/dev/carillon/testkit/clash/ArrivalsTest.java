package dev.carillon.testkit.clash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Arrivals arrivals = new Arrivals();

  @Test
  void callsAWholeSecondApartAreNotOfOneSecond() {
    arrivals.arrived(0);
    arrivals.arrived(SECOND);
    assertThat(arrivals.mostInAnySecond()).isEqualTo(1);
    arrivals.arrived(2 * SECOND - 1);
    assertThat(arrivals.mostInAnySecond()).isEqualTo(2);
  }

  @Test
  void aBurstAcrossTheEndOfASecondIsSeen() {
    for (int i = 0; i < 30; i++) {
      arrivals.arrived(SECOND - 30 + i);
    }
    for (int i = 0; i < 29; i++) {
      arrivals.arrived(SECOND + i);
    }
    assertThat(arrivals.mostInAnySecond()).isEqualTo(59);
  }

  @Test
  void callsMayBeNotedInAnotherOrderThanTheyCame() {
    arrivals.arrived(SECOND);
    arrivals.arrived(2 * SECOND);
    assertThat(arrivals.arrived(SECOND / 2).withinASecond()).isEqualTo(1);
    assertThat(arrivals.arrived(SECOND + 1).withinASecond()).isEqualTo(3);
    assertThat(arrivals.mostInAnySecond()).isEqualTo(3);
    assertThat(arrivals.shortestGap()).isEqualTo(Duration.ofNanos(1));
  }

  /** The definition, by comparing every call with every other. */
  @Test
  void theMostInAnySlidingSecondIsWhatItsDefinitionSays() {
    Random random = new Random(7);
    List<Long> times = new ArrayList<>();
    long now = -5 * SECOND;
    for (int i = 0; i < 2_000; i++) {
      now += random.nextLong(SECOND / 20);
      times.add(now);
      arrivals.arrived(now);
    }
    long most =
        times.stream()
            .mapToLong(
                first -> times.stream().filter(t -> t >= first && t - first < SECOND).count())
            .max()
            .orElseThrow();
    assertThat(arrivals.mostInAnySecond()).isEqualTo((int) most);
    assertThat(arrivals.count()).isEqualTo(2_000);
  }

  @Test
  void theRateIsThatOfTheTimesBetweenCalls() {
    assertThat(arrivals.rate()).isZero();
    assertThat(arrivals.shortestGap()).isEqualTo(Duration.ofSeconds(1));
    for (int i = 0; i < 41; i++) {
      arrivals.arrived(i < 20 ? i * SECOND / 10 : 2 * SECOND + (i - 20) * SECOND / 20);
    }
    assertThat(arrivals.rate()).isCloseTo(40 / 3.0, within(1e-9));
    assertThat(arrivals.rate(Duration.ZERO, Duration.ofSeconds(2))).isCloseTo(10, within(1e-9));
    assertThat(arrivals.rate(Duration.ofSeconds(2), Duration.ofSeconds(9)))
        .isCloseTo(20, within(1e-9));
    assertThat(arrivals.shortestGap()).isEqualTo(Duration.ofMillis(50));
  }

  @Test
  void clearingForgetsAll() throws Exception {
    arrivals.answered(new Arrival(arrivals.arrived(System.nanoTime()).nanos(), "/", 200));
    assertThat(arrivals.await(1, Duration.ZERO)).isTrue();
    assertThat(arrivals.byStatus()).containsEntry(200, 1L);
    arrivals.clear();
    assertThat(arrivals.count()).isZero();
    assertThat(arrivals.mostInAnySecond()).isZero();
    assertThat(arrivals.answered()).isEmpty();
    assertThat(arrivals.await(1, Duration.ofNanos(1))).isFalse();
  }
}
