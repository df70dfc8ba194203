package dev.carillon.webhook.traffic;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BreakerTest {

  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final Result SUCCESS = new Result.Succeeded();

  @Test
  void nineFailuresInARowLeaveItClosed() {
    Breaker breaker = Breaker.CLOSED.after(failures(9), NOW);

    assertThat(breaker.state(NOW)).isEqualTo(Breaker.State.CLOSED);
    assertThat(breaker.failures()).isEqualTo(9);
    assertThat(breaker.failingSince()).isEqualTo(NOW);
  }

  @Test
  void theTenthInARowOpensItForFiveSeconds() {
    Breaker breaker = Breaker.CLOSED.after(failures(9), NOW).after(failures(1), NOW.plusSeconds(1));

    assertThat(breaker.openUntil()).isEqualTo(NOW.plusSeconds(6));
    assertThat(breaker.failingSince()).isEqualTo(NOW);
    assertThat(breaker.state(NOW.plusSeconds(5))).isEqualTo(Breaker.State.OPEN);
    assertThat(breaker.state(NOW.plusSeconds(6))).isEqualTo(Breaker.State.HALF_OPEN);
  }

  @Test
  void failuresThatASuccessInterruptedAreNotInARow() {
    Tally tally = failures(9).with(SUCCESS).with(failed(null)).with(failed(null));

    Breaker breaker = Breaker.CLOSED.after(failures(9), NOW).after(tally, NOW.plusSeconds(1));

    assertThat(breaker.state(NOW.plusSeconds(1))).isEqualTo(Breaker.State.CLOSED);
    assertThat(breaker.failures()).isEqualTo(2);
    assertThat(breaker.failingSince()).isEqualTo(NOW.plusSeconds(1));
  }

  @Test
  void tenInARowAfterASuccessOpenIt() {
    Tally tally = Tally.NONE.with(SUCCESS).then(failures(10));

    assertThat(Breaker.CLOSED.after(tally, NOW).state(NOW)).isEqualTo(Breaker.State.OPEN);
  }

  @Test
  void anEmptyTallyChangesNothing() {
    Breaker breaker = opened();

    assertThat(breaker.after(Tally.NONE, NOW.plusSeconds(9))).isSameAs(breaker);
    assertThat(breaker.after(Tally.NONE.with(new Result.NotCharged()), NOW)).isSameAs(breaker);
  }

  @Test
  void itIsHopelessWhenItHasFailedForFiveDays() {
    Breaker breaker = opened();
    Instant end = NOW.plus(Breaker.DISABLES_AFTER);

    assertThat(breaker.isHopeless(end)).isFalse();
    assertThat(breaker.isHopeless(end.plusMillis(1))).isTrue();
    assertThat(Breaker.CLOSED.after(failures(9), NOW).isHopeless(end.plusMillis(1))).isFalse();
    assertThat(breaker.after(Tally.NONE.with(SUCCESS), NOW).isHopeless(end.plusMillis(1)))
        .isFalse();
  }

  @Test
  void fromTheFourthFailureOnSomebodyWasTold() {
    assertThat(Breaker.CLOSED.after(failures(3), NOW).isAlerted()).isFalse();
    assertThat(Breaker.CLOSED.after(failures(4), NOW).isAlerted()).isTrue();
  }

  @Nested
  class Opened {

    @Test
    void failuresOfAttemptsThatWereUnderWayDoNotOpenItLonger() {
      Breaker breaker = opened().after(failures(7), NOW.plusSeconds(1));

      assertThat(breaker.openUntil()).isEqualTo(opened().openUntil());
      assertThat(breaker.failures()).isEqualTo(17);
    }

    @Test
    void eachFailureWhileHalfOpenDoublesTheTimeUpToFiveMinutes() {
      List<Long> openings = new ArrayList<>();
      Breaker breaker = opened();
      Instant now = NOW;
      for (int i = 0; i < 100; i++) {
        Instant until = until(breaker);
        openings.add(Duration.between(now, until).toSeconds());
        assertThat(breaker.state(until)).isEqualTo(Breaker.State.HALF_OPEN);
        now = until;
        breaker = breaker.after(failures(1), now);
      }

      assertThat(openings.subList(0, 8)).containsExactly(5L, 10L, 20L, 40L, 80L, 160L, 300L, 300L);
      assertThat(openings.subList(8, 100)).containsOnly(300L);
    }

    @Test
    void aSuccessClosesItAndTheNextOpeningIsShortAgain() {
      Breaker half = opened().after(failures(1), NOW.plusSeconds(5));

      Breaker closed = half.after(Tally.NONE.with(SUCCESS), NOW.plusSeconds(15));

      assertThat(closed).isEqualTo(Breaker.CLOSED);
      assertThat(closed.after(failures(10), NOW.plusSeconds(20)).openUntil())
          .isEqualTo(NOW.plusSeconds(25));
    }

    @Test
    void anOpeningThatNoRightClockHasMadeDoesNotLast() {
      Breaker breaker = opened();

      assertThat(breaker.state(NOW.minus(Duration.ofDays(1)))).isEqualTo(Breaker.State.HALF_OPEN);
    }
  }

  @Nested
  class AskedToWait {

    @Test
    void itWaitsUntilThen() {
      Breaker breaker = Breaker.CLOSED.after(asked(NOW.plusSeconds(30)), NOW);

      assertThat(breaker.openUntil()).isEqualTo(NOW.plusSeconds(30));
      assertThat(breaker.state(NOW.plusSeconds(29))).isEqualTo(Breaker.State.OPEN);
      assertThat(breaker.state(NOW.plusSeconds(30))).isEqualTo(Breaker.State.HALF_OPEN);
    }

    @Test
    void notForAsLongAsOthersGetThrough() {
      Tally tally = asked(NOW.plusSeconds(30)).with(SUCCESS);

      assertThat(Breaker.CLOSED.after(tally, NOW).state(NOW)).isEqualTo(Breaker.State.CLOSED);
    }

    @Test
    void notForASingleMessage() {
      Tally once = Tally.NONE.with(failed(NOW.plusSeconds(30)));

      assertThat(Breaker.CLOSED.after(once, NOW).state(NOW)).isEqualTo(Breaker.State.CLOSED);
      assertThat(Breaker.CLOSED.after(failures(3).then(once), NOW).state(NOW))
          .isEqualTo(Breaker.State.OPEN);
    }

    @Test
    void neverForLongerThanTheLongestOpening() {
      Breaker breaker = Breaker.CLOSED.after(asked(NOW.plus(Duration.ofDays(1))), NOW);

      assertThat(breaker.openUntil()).isEqualTo(NOW.plus(Breaker.LONGEST_OPENING));
    }

    @Test
    void neverForLessThanItIsOpenAnyway() {
      assertThat(opened().after(asked(NOW.plusSeconds(2)), NOW).openUntil())
          .isEqualTo(opened().openUntil());
      assertThat(
              Breaker.CLOSED.after(failures(9).with(failed(NOW.plusSeconds(2))), NOW).openUntil())
          .isEqualTo(NOW.plusSeconds(5));
    }

    @Test
    void aTimeThatIsOverIsNotWaitedFor() {
      assertThat(Breaker.CLOSED.after(asked(NOW), NOW).state(NOW)).isEqualTo(Breaker.State.CLOSED);
    }

    @Test
    void whatNoRightClockHasStoredIsNotHeeded() {
      Breaker broken = new Breaker(1, NOW, "x", NOW.plus(Duration.ofDays(9)), 0);

      assertThat(broken.after(asked(NOW.plusSeconds(30)), NOW).openUntil())
          .isEqualTo(NOW.plusSeconds(30));
    }
  }

  private static Breaker opened() {
    return Breaker.CLOSED.after(failures(Breaker.TRIPS_AT), NOW);
  }

  private static Instant until(Breaker breaker) {
    assertThat(breaker.openUntil()).isNotNull();
    return requireNonNull(breaker.openUntil());
  }

  private static Tally failures(int count) {
    Tally tally = Tally.NONE;
    for (int i = 0; i < count; i++) {
      tally = tally.with(failed(null));
    }
    return tally;
  }

  private static Tally asked(Instant until) {
    return failures(Breaker.ALERTS_AT - 1).with(failed(until));
  }

  private static Result failed(@Nullable Instant askedUntil) {
    return new Result.Failed("status 503", askedUntil, false);
  }
}
