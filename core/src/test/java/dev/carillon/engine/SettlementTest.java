package dev.carillon.engine;

import static dev.carillon.engine.TestEvents.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.retry.Backoff;
import dev.carillon.retry.RetryPolicy;
import dev.carillon.store.Claim;
import dev.carillon.store.Transition;
import dev.carillon.target.Outcome;
import dev.carillon.target.Receipt;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SettlementTest {

  private static final RetryPolicy THREE_TRIES =
      new RetryPolicy(
          3,
          new Backoff.Exponential(Duration.ofSeconds(1), Duration.ofMinutes(1)),
          Duration.ofHours(1));

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
            retried ->
                assertThat(retried.due()).isBetween(NOW.plusMillis(200), NOW.plusSeconds(2)));
    assertThat(transition.next()).isEmpty();
  }

  @Test
  void whatTheTargetAsksForIsNotCutShort() {
    Outcome outcome = new Outcome.Retryable("HTTP 429", Duration.ofMinutes(10), null, null);

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
    assertThat(settlement.isExhausted(claim(3), 0)).isFalse();
    assertThat(settlement.isExhausted(claim(4), 0)).isTrue();
  }

  @Test
  void aTargetWhosePolicyAllowsMoreAttemptsIsLetTo() {
    assertThat(settlement.isExhausted(claim(9), 9)).isFalse();
    assertThat(settlement.isExhausted(claim(10), 9)).isTrue();
  }

  @Test
  void thePolicyOfTheTargetGoesBeforeTheEngines() {
    RetryPolicy listed = RetryPolicy.listed(List.of(Duration.ofHours(1)));
    Outcome outcome = new Outcome.Retryable("HTTP 503", null, listed, null);

    Transition first = settlement.settle(claim(1), daily, outcome, NOW);
    Transition second = settlement.settle(claim(2), daily, outcome, NOW);

    assertThat(((Transition.Retried) first).due())
        .isBetween(NOW.plus(Duration.ofMinutes(60)), NOW.plus(Duration.ofMinutes(72)));
    assertThat(second).isInstanceOf(Transition.Failed.class);
  }

  @Test
  void whatCouldNotBeTriedDoesNotCount() {
    Outcome outcome = new Outcome.Postponed("no resolver", Duration.ofSeconds(5), null);

    Transition transition = settlement.settle(claim(3), daily, outcome, NOW);

    assertThat(transition)
        .isInstanceOfSatisfying(
            Transition.Retried.class,
            postponed -> {
              assertThat(postponed.counts()).isFalse();
              assertThat(postponed.due()).isEqualTo(NOW.plusSeconds(5));
            });
  }

  @Test
  void whatCouldNotBeTriedThousandsOfTimesCounts() {
    Outcome outcome = new Outcome.Postponed("no resolver", Duration.ofSeconds(5), null);
    Claim often = claimed(Settlement.MOST_POSTPONEMENTS + 1, 1);
    Claim oftener = claimed(Settlement.MOST_POSTPONEMENTS + 2, 1);
    Claim last = claimed(Settlement.MOST_POSTPONEMENTS + 4, 3);

    assertThat(((Transition.Retried) settlement.settle(often, daily, outcome, NOW)).counts())
        .isFalse();
    assertThat(((Transition.Retried) settlement.settle(oftener, daily, outcome, NOW)).counts())
        .isTrue();
    assertThat(settlement.settle(last, daily, outcome, NOW)).isInstanceOf(Transition.Failed.class);
  }

  @Test
  void whatIsSkippedIsCalledOffAndFollowedByTheNext() {
    Transition transition =
        settlement.settle(claim(1), daily, new Outcome.Skipped("the one before goes on"), NOW);

    assertThat(transition)
        .isInstanceOfSatisfying(
            Transition.Cancelled.class,
            cancelled -> assertThat(cancelled.reason()).isEqualTo("the one before goes on"));
    assertThat(transition.next()).isPresent();
    assertThat(transition.receipt()).isNull();
  }

  @Test
  void whatItsLaneHoldsIsHeldAndPlansNothing() {
    UUID lane = UUID.randomUUID();

    Transition transition =
        settlement.settle(claim(3), daily, new Outcome.Held(lane, "the lane is full"), NOW);

    assertThat(transition)
        .isInstanceOfSatisfying(
            Transition.Held.class,
            held -> {
              assertThat(held.lane()).isEqualTo(lane);
              assertThat(held.reason()).isEqualTo("the lane is full");
            });
    assertThat(transition.next()).isEmpty();
  }

  @Test
  void whatTheTargetTellsIsHandedOn() {
    Receipt receipt = new Receipt(UUID.randomUUID(), NOW, "{}");

    assertThat(
            Stream.of(
                    new Outcome.Succeeded(receipt),
                    new Outcome.Rejected("HTTP 404", receipt),
                    new Outcome.Retryable("HTTP 503", null, null, receipt),
                    new Outcome.Postponed("no resolver", Duration.ofSeconds(1), receipt))
                .map(outcome -> settlement.settle(claim(1), daily, outcome, NOW).receipt()))
        .containsOnly(receipt);
  }

  private static Claim claimed(long version, int attempt) {
    return new Claim(TestEvents.dueAt(NOW), version, attempt);
  }

  private static Claim claim(int attempt) {
    return new Claim(TestEvents.dueAt(NOW), attempt, attempt);
  }
}
