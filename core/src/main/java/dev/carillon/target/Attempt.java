package dev.carillon.target;

import static java.util.Objects.requireNonNull;

import dev.carillon.event.Event;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One try at performing an event.
 *
 * @param event what is due
 * @param number 1 for the first try
 * @param startedAt when this try began, by the engine's clock
 * @param payload what the event's type says to the target: a JSON object
 * @param destination where the target is to bring it, in the target's words; null: where it brings
 *     what says nothing
 */
public record Attempt(
    Event event, int number, Instant startedAt, String payload, @Nullable String destination) {

  /** From this much on an attempt counts as late and is marked so. */
  public static final Duration LATE_FROM = Duration.ofMinutes(1);

  public Attempt {
    requireNonNull(event, "event is null");
    requireNonNull(startedAt, "startedAt is null");
    requireNonNull(payload, "payload is null");
    if (number < 1) {
      throw new IllegalArgumentException("attempts count from 1, not " + number);
    }
  }

  /** An attempt that goes where its target brings what says nothing. */
  public Attempt(Event event, int number, Instant startedAt, String payload) {
    this(event, number, startedAt, payload, null);
  }

  /** How long after the event's time this attempt began; zero if it was not after. */
  public Duration lateness() {
    Duration late = Duration.between(event.at().instant(), startedAt);
    return late.isNegative() ? Duration.ZERO : late;
  }

  /** Whether the attempt began later than the near-due timer and a busy queue explain. */
  public boolean isLate() {
    return lateness().compareTo(LATE_FROM) >= 0;
  }
}
