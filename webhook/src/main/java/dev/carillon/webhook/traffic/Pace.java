package dev.carillon.webhook.traffic;

import static java.util.Objects.requireNonNull;

import dev.carillon.webhook.endpoint.Traffic.Rate;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token bucket as a point in time: the generic cell rate algorithm (ITU-T I.371, annex A), whose
 * whole state is the theoretical arrival time of the next message. Tokens are handed out ahead of
 * time, as a row of slots, so that processes share a rate without a write for each message. Pure.
 */
public final class Pace {

  private static final double NANOS = 1e9;

  private Pace() {}

  /**
   * Slots: the first at {@code first}, the others each an interval later.
   *
   * @param next the theoretical arrival time from now on, to be stored
   */
  public record Slots(Instant first, Duration interval, int count, Instant next) {

    /** When a slot begins; from 0. */
    public Instant at(int index) {
      return first.plus(interval.multipliedBy(index));
    }
  }

  /**
   * Hands out slots.
   *
   * @param next the theoretical arrival time as stored; null if there is none yet
   * @param wanted how many slots at most
   * @param horizon how far ahead a slot may begin
   */
  public static Slots take(
      Rate rate, @Nullable Instant next, int wanted, Instant now, Duration horizon) {
    Duration interval = Duration.ofNanos(Math.max(1, Math.round(NANOS / rate.perSecond())));
    // A bucket of n tokens: n - 1 messages may come before their time.
    Instant earliest = now.minus(interval.multipliedBy(rate.burst() - 1L));
    Instant first = next == null || next.isBefore(earliest) ? earliest : requireNonNull(next);
    Instant end = now.plus(horizon);
    long within = first.isAfter(end) ? 0 : Duration.between(first, end).dividedBy(interval) + 1;
    int count = (int) Math.clamp(wanted, 0L, within);
    return new Slots(first, interval, count, first.plus(interval.multipliedBy(count)));
  }
}
