package dev.carillon.engine;

import static dev.carillon.engine.TestEvents.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.retry.RetryPolicy;
import dev.carillon.store.Claim;
import dev.carillon.store.Transition;
import dev.carillon.target.Outcome;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SettlementTest {

  private static final RetryPolicy THREE_TRIES =
      new RetryPolicy(3, Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofHours(1));

  private final Settlement settlement = new Settlement(THREE_TRIES, new Random(1));
  private final TestEvents.Daily daily = new TestEvents.Daily();

  @Test
  void aSuccessCompletesTheEventAndPlansTheNextOne() {
    Claim claim = claim(1);

    Transition transition = settlement.settle(claim, daily, new Outcome.Succeeded(), NOW);

    assertThat(transition).isInstanceOf(Transition.Completed.class);
    assertThat(transition.at()).isEqualTo(NOW);
    assertThat(transition.next().orElseThrow().at().instant())
        .isEqualTo(NOW.plus(Duration.ofDays(1)));
  }

  @Test
  void aRejectionFailsAtOnceAndPlansTheNextOneToo() {
    Transition transition =
        settlement.settle(claim(1), daily, new Outcome.Rejected("HTTP 404"), NOW);

    assertThat(transition)
        .isInstanceOfSatisfying(
            Transition.Failed.class,
            failed -> {
              assertThat(failed.reason()).isEqualTo("HTTP 404");
              assertThat(failed.next()).isPresent();
            });
  }

  @Test
  void aPassingFailureIsRetriedAfterABackoffAndPlansNothing() {
    Transition transition =
        settlement.settle(claim(2), daily, new Outcome.Retryable("HTTP 503"), NOW);

    assertThat(transition)
        .isInstanceOfSatisfying(
            Transition.Retried.class,
            retried -> assertThat(retried.due()).isBetween(NOW.plusSeconds(1), NOW.plusSeconds(2)));
    assertThat(transition.next()).isEmpty();
  }

  @Test
  void whatTheTargetAsksForIsNotCutShort() {
    Outcome outcome = new Outcome.Retryable("HTTP 429", Duration.ofMinutes(10));

    Transition transition = settlement.settle(claim(1), daily, outcome, NOW);

    assertThat(((Transition.Retried) transition).due()).isEqualTo(NOW.plusSeconds(600));
  }

  @Test
  void theLastAttemptsFailureIsForGood() {
    Transition transition =
        settlement.settle(claim(3), daily, new Outcome.Retryable("HTTP 503"), NOW);

    assertThat(transition)
        .isInstanceOfSatisfying(
            Transition.Failed.class,
            failed -> {
              assertThat(failed.reason()).isEqualTo("gave up after 3 attempts: HTTP 503");
              assertThat(failed.next()).isPresent();
            });
  }

  @Test
  void nothingFollowsAnEventOfAnUnknownType() {
    Transition transition = settlement.settle(claim(1), null, new Outcome.Rejected("what?"), NOW);

    assertThat(transition.next()).isEmpty();
  }

  @Test
  void aLongReasonIsCut() {
    String reason = "x".repeat(Settlement.MAX_REASON_LENGTH + 1);

    Transition transition = settlement.settle(claim(1), daily, new Outcome.Rejected(reason), NOW);

    assertThat(((Transition.Failed) transition).reason()).hasSize(Settlement.MAX_REASON_LENGTH);
  }

  @Test
  void anEventThatWasBegunMoreOftenThanAllowedIsExhausted() {
    assertThat(settlement.isExhausted(claim(3))).isFalse();
    assertThat(settlement.isExhausted(claim(4))).isTrue();
  }

  private static Claim claim(int attempt) {
    return new Claim(TestEvents.dueAt(NOW), attempt, attempt);
  }
}
