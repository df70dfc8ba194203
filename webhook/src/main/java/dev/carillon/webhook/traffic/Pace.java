package dev.carillon.webhook.traffic;

import static java.util.Objects.requireNonNull;

import dev.carillon.webhook.endpoint.Traffic.Rate;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token bucket as a point in time: the generic cell rate algorithm (ITU-T I.371, annex A), whose
 * whole state is when the next message may come at the earliest. Tokens are handed out ahead of
 * time, as a row of slots, so that processes share a rate without a write for each message. Pure.
 *
 * <p>A slot may be used from its time on until {@link #lateness()} after it. In any time of t
 * seconds there begin at most rate * t + burst messages, where a burst that would be over in less
 * than that lateness counts for as much as comes in it.
 *
 * @param rate how many messages a second, and how many at once
 */
record Pace(Rate rate) {

  /** How far ahead slots are handed out. */
  static final Duration HORIZON = TrafficControl.CYCLE.multipliedBy(2);

  /** By how much processes' clocks may differ. */
  static final Duration MOST_SKEW = Duration.ofSeconds(5);

  /** The most slots that are handed out at once. */
  static final int MAX_SLOTS = 10_000;

  /** However small a burst is, a slot can be used for as long: threads wake late. */
  private static final Duration LEAST_LATENESS = Duration.ofMillis(50);

  /** However low a rate is, a slot is lost when so much time has passed. */
  private static final Duration ONE_LATENESS = Duration.ofSeconds(1);

  /** For how long what is handed out can be used at least, unless the burst is over before. */
  private static final Duration LEAST_USE = Duration.ofMillis(500);

  private static final double NANOS = 1e9;

  Pace {
    requireNonNull(rate, "rate is null");
  }

  /**
   * Slots: the first at {@code first}, the others each an interval later.
   *
   * @param next the earliest time of the slot after them, to be stored
   */
  record Slots(Instant first, Duration interval, int count, Instant next) {

    /** When a slot begins; from 0. */
    Instant at(int index) {
      return first.plus(interval.multipliedBy(index));
    }
  }

  /** The time from one slot to the next. */
  Duration interval() {
    return Duration.ofNanos(Math.max(1, Math.round(NANOS / rate.perSecond())));
  }

  /** How long after its time a slot may be used. */
  Duration lateness() {
    Duration one = shorter(interval(), ONE_LATENESS);
    return longer(longer(burst(), one), LEAST_LATENESS);
  }

  /**
   * Hands out slots.
   *
   * @param next the earliest time of the next slot as stored; null if there is none yet
   * @param wanted how many slots at most
   */
  Slots take(@Nullable Instant next, int wanted, Instant now) {
    Duration interval = interval();
    Instant end = now.plus(HORIZON);
    Instant first = first(next, now, end.plus(interval).plus(MOST_SKEW));
    long within = first.isAfter(end) ? 0 : Duration.between(first, end).dividedBy(interval) + 1;
    int count = Math.clamp(within, 0, Math.clamp(wanted, 0, MAX_SLOTS));
    return new Slots(first, interval, count, first.plus(interval.multipliedBy(count)));
  }

  /** How many slots there are as far as the horizon. */
  int perHorizon() {
    return (int) Math.min(MAX_SLOTS, 1 + HORIZON.dividedBy(interval()));
  }

  /**
   * Slots that nobody can use any more are not handed out, nor those that are about to become so: a
   * part of a burst comes a moment later instead. What was stored for later than can be by a right
   * clock at this rate is not heeded.
   */
  private Instant first(@Nullable Instant next, Instant now, Instant latest) {
    Instant earliest = now.minus(burst()).plus(shorter(LEAST_USE, burst().dividedBy(2)));
    if (next == null || next.isBefore(earliest)) {
      return earliest;
    }
    return next.isAfter(latest) ? now : requireNonNull(next);
  }

  /** A bucket of n tokens: n - 1 messages may come before their time. */
  private Duration burst() {
    return interval().multipliedBy(rate.burst() - 1L);
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
