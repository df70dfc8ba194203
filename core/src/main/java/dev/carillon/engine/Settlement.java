package dev.carillon.engine;

import static java.util.Objects.requireNonNull;

import dev.carillon.event.Event;
import dev.carillon.event.EventType;
import dev.carillon.retry.RetryPolicy;
import dev.carillon.store.Claim;
import dev.carillon.store.Transition;
import dev.carillon.target.Outcome;
import dev.carillon.target.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of an event once an attempt ended: done, tried again, or dead; and what
 * follows it. Pure.
 *
 * @param retry when failed attempts are made again
 * @param random where the jitter comes from
 */
record Settlement(RetryPolicy retry, RandomGenerator random) {

  /** The longest failure reason that is kept, in characters. */
  static final int MAX_REASON_LENGTH = 1_000;

  /** After how many claims that did not count they do all the same: a day and more of them. */
  static final long MOST_POSTPONEMENTS = 5_000;

  Settlement {
    requireNonNull(retry, "retry is null");
    requireNonNull(random, "random is null");
  }

  /**
   * The write that an attempt's outcome causes.
   *
   * @param type what the event is; null if no such type is configured: nothing follows the event
   * @param now when the attempt ended
   */
  Transition settle(Claim claim, @Nullable EventType type, Outcome outcome, Instant now) {
    return switch (outcome) {
      case Outcome.Succeeded(Receipt receipt) ->
          new Transition.Completed(claim, now, next(claim, type), receipt);
      case Outcome.Rejected(String reason, Receipt receipt) ->
          new Transition.Failed(claim, now, cut(reason), next(claim, type), receipt);
      case Outcome.Retryable retryable -> retried(claim, type, retryable, now);
      case Outcome.Postponed(String reason, Duration wait, Receipt receipt) ->
          hasWaitedLong(claim)
              ? retried(claim, type, new Outcome.Retryable(reason, wait, null, receipt), now)
              : new Transition.Retried(claim, now, cut(reason), now.plus(wait), false, receipt);
      case Outcome.Held(UUID lane, String reason) ->
          new Transition.Held(claim, now, cut(reason), lane);
      case Outcome.Skipped(String reason) ->
          new Transition.Cancelled(claim, now, cut(reason), next(claim, type));
    };
  }

  /**
   * Whether the event was begun more often than allowed: its process died each time.
   *
   * @param most the most attempts that the target's own policies allow
   */
  boolean isExhausted(Claim claim, int most) {
    return claim.attempt() > Math.max(retry.maxAttempts(), most);
  }

  private Transition retried(
      Claim claim, @Nullable EventType type, Outcome.Retryable failure, Instant now) {
    RetryPolicy policy = failure.policy() == null ? retry : failure.policy();
    String reason = failure.reason();
    Receipt receipt = failure.receipt();
    return policy
        .waitAfter(claim.attempt(), failure.retryAfter(), random)
        .<Transition>map(
            wait -> new Transition.Retried(claim, now, cut(reason), now.plus(wait), true, receipt))
        .orElseGet(() ->
            new Transition.Failed(
                claim, now, cut(exhausted(claim, reason)), next(claim, type), receipt));
  }

  private static boolean hasWaitedLong(Claim claim) {
    return claim.version() - claim.attempt() > MOST_POSTPONEMENTS;
  }

  private static Optional<Event> next(Claim claim, @Nullable EventType type) {
    return type == null ? Optional.empty() : type.next(claim.event());
  }

  private static String exhausted(Claim claim, String reason) {
    return "gave up after %d attempts: %s".formatted(claim.attempt(), reason);
  }

  /** What tables can keep of a reason: no table keeps the character NUL. */
  private static String cut(String reason) {
    String kept = reason.replace('\0', '?');
    return kept.length() <= MAX_REASON_LENGTH ? kept : kept.substring(0, MAX_REASON_LENGTH);
  }
}
