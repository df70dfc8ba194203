package dev.carillon.engine;

import static java.util.Objects.requireNonNull;

import dev.carillon.event.Event;
import dev.carillon.event.EventType;
import dev.carillon.retry.RetryPolicy;
import dev.carillon.store.Claim;
import dev.carillon.store.Transition;
import dev.carillon.target.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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
      case Outcome.Succeeded _ -> new Transition.Completed(claim, now, next(claim, type));
      case Outcome.Rejected(String reason) -> failed(claim, type, reason, now);
      case Outcome.Retryable(String reason, Duration retryAfter) ->
          retry
              .waitAfter(claim.attempt(), retryAfter, random)
              .<Transition>map(
                  wait -> new Transition.Retried(claim, now, cut(reason), now.plus(wait)))
              .orElseGet(() -> failed(claim, type, exhausted(claim, reason), now));
    };
  }

  /** Whether the event was begun more often than allowed: its process died each time. */
  boolean isExhausted(Claim claim) {
    return claim.attempt() > retry.maxAttempts();
  }

  private static Transition failed(
      Claim claim, @Nullable EventType type, String reason, Instant now) {
    return new Transition.Failed(claim, now, cut(reason), next(claim, type));
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
