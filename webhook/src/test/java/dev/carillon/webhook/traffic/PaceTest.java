package dev.carillon.webhook.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.webhook.endpoint.Traffic.Rate;
import dev.carillon.webhook.traffic.Pace.Slots;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {

  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  @Test
  void afterAQuietTimeTheBurstMayComeWithoutWhatItsLastHalfSecondBrings() {
    Slots slots = new Pace(new Rate(10, 21)).take(null, 100, NOW);

    assertThat(slots.first()).isEqualTo(NOW.minusMillis(1_500));
    assertThat(times(slots)).filteredOn(time -> !time.isAfter(NOW)).hasSize(16);
    assertThat(times(slots).getLast()).isEqualTo(NOW.plus(Pace.HORIZON));
    assertThat(slots.count()).isEqualTo(21);
  }

  @Test
  void ofAShortBurstHalfComesAtOnce() {
    assertThat(times(new Pace(new Rate(10, 5)).take(null, 100, NOW)))
        .filteredOn(time -> !time.isAfter(NOW))
        .hasSize(3);
    assertThat(times(new Pace(new Rate(10, 1)).take(null, 100, NOW)).getFirst()).isEqualTo(NOW);
  }

  @Test
  void theLowestRateGivesOneInAHundredSeconds() {
    Pace pace = new Pace(new Rate(0.01, 1));

    Slots first = pace.take(null, 5, NOW);

    assertThat(times(first)).containsExactly(NOW);
    assertThat(pace.take(first.next(), 5, NOW.plusSeconds(99)).count()).isZero();
    assertThat(times(pace.take(first.next(), 5, NOW.plusMillis(99_600))))
        .containsExactly(NOW.plusSeconds(100));
  }

  @Test
  void nothingIsTakenThatIsNotWanted() {
    Slots none = new Pace(new Rate(10, 5)).take(NOW, 0, NOW);

    assertThat(none.count()).isZero();
    assertThat(none.next()).isEqualTo(NOW);
  }

  @Test
  void noMoreThanTheMostIsHandedOutAtOnce() {
    assertThat(new Pace(new Rate(10_000, 1_000_000)).take(null, Integer.MAX_VALUE, NOW).count())
        .isEqualTo(Pace.MAX_SLOTS);
  }

  @Test
  void whatAWrongClockStoredDoesNotStopTheTraffic() {
    Slots slots = new Pace(new Rate(10, 1)).take(NOW.plus(Duration.ofDays(1)), 1, NOW);

    assertThat(times(slots)).containsExactly(NOW);
  }

  @Test
  void aRateThatWasRaisedDoesNotWaitForTheOldOnesNextSlot() {
    Slots slow = new Pace(new Rate(0.01, 1)).take(null, 1, NOW);

    assertThat(new Pace(new Rate(10, 1)).take(slow.next(), 1, NOW.plusSeconds(1)).count())
        .isEqualTo(1);
  }

  @Test
  void aSlotCanBeUsedForAsLongAsTheBurstAllows() {
    assertThat(new Pace(new Rate(10, 11)).lateness()).isEqualTo(Duration.ofSeconds(1));
    assertThat(new Pace(new Rate(10, 1)).lateness()).isEqualTo(Duration.ofMillis(100));
    assertThat(new Pace(new Rate(1_000, 1)).lateness()).isEqualTo(Duration.ofMillis(50));
    assertThat(new Pace(new Rate(0.01, 1)).lateness()).isEqualTo(Duration.ofSeconds(1));
    assertThat(new Pace(new Rate(0.01, 2)).lateness()).isEqualTo(Duration.ofSeconds(100));
  }

  /**
   * Several processes take slots at random times and use them as late as they may: whatever the
   * window, no more begin than the rate and the burst allow, and none is lost that is wanted.
   */
  @ParameterizedTest
  @CsvSource({
    "0.01, 1",
    "0.5, 3",
    "3, 1",
    "10, 10",
    "100, 20",
    "500, 500",
    "500, 100",
    "997, 2000"
  })
  void inNoWindowMoreBeginThanRateAndBurstAllow(double perSecond, int burst) {
    Rate rate = new Rate(perSecond, burst);
    Pace pace = new Pace(rate);
    Random random = new Random(burst);
    List<Instant> begun = new ArrayList<>();
    @Nullable Instant next = null;
    Instant now = NOW;
    int rounds = perSecond < 1 ? 20_000 : 600;
    for (int i = 0; i < rounds; i++) {
      now = now.plusMillis(20 + random.nextInt(240));
      if (random.nextInt(50) == 0) {
        now = now.plusSeconds(random.nextInt(9));
      }
      Slots slots = pace.take(next, 10_000, now);
      next = slots.count() == 0 ? next : slots.next();
      for (Instant slot : times(slots)) {
        Instant earliest = slot.isBefore(now) ? now : slot;
        long slack = Duration.between(earliest, slot.plus(pace.lateness())).toNanos();
        begun.add(earliest.plusNanos(slack <= 0 ? 0 : random.nextLong(slack + 1)));
      }
    }
    begun.sort(Instant::compareTo);
    for (long window : new long[] {1, 50, 200, 1_000, 10_000, 1_000_000}) {
      assertThat(most(begun, Duration.ofMillis(window)))
          .as("in %d ms", window)
          .isLessThanOrEqualTo(allowed(pace, window));
    }
    long sustained = Duration.between(NOW, now).toMillis();
    assertThat(begun.size()).isGreaterThan((int) (sustained / 1_000.0 * perSecond * 0.4));
  }

  @Test
  void nothingIsLostWhileAllOfItIsWanted() {
    Pace pace = new Pace(new Rate(500, 100));
    Random random = new Random(5);
    @Nullable Instant next = null;
    int taken = 0;
    Instant now = NOW;
    while (now.isBefore(NOW.plusSeconds(60))) {
      Slots slots = pace.take(next, 10_000, now);
      taken += slots.count();
      next = slots.count() == 0 ? next : slots.next();
      now = now.plusMillis(random.nextInt(600));
    }

    assertThat(taken).isBetween(60 * 500, 60 * 500 + 500);
  }

  /** A burst shorter than a slot's lateness counts for what comes in it; see {@link Pace}. */
  private static int allowed(Pace pace, long window) {
    double rate = pace.rate().perSecond();
    double late = pace.lateness().toNanos() / 1e9;
    double burst = Math.max(pace.rate().burst(), late * rate + 1);
    return (int) Math.floor(window / 1_000.0 * rate + burst + 0.001);
  }

  private static int most(List<Instant> sorted, Duration window) {
    int most = 0;
    int from = 0;
    for (int to = 0; to < sorted.size(); to++) {
      while (sorted.get(from).plus(window).isBefore(sorted.get(to))) {
        from++;
      }
      most = Math.max(most, to - from + 1);
    }
    return most;
  }

  private static List<Instant> times(Slots slots) {
    List<Instant> times = new ArrayList<>();
    for (int i = 0; i < slots.count(); i++) {
      times.add(slots.at(i));
    }
    return times;
  }
}
