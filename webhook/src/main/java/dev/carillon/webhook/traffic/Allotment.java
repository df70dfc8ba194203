package dev.carillon.webhook.traffic;

import static java.util.Objects.requireNonNull;

import dev.carillon.webhook.endpoint.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Decides how much of an endpoint's traffic one process may have, from what all of them have. Pure;
 * the caller holds the endpoint's row, so that one decides after the other.
 */
final class Allotment {

  private Allotment() {}

  /**
   * What a process asks for.
   *
   * @param underWay how many attempts it has under way
   * @param waiting how many more want to begin
   * @param slots how many slots of the rate it wants
   */
  record Demand(int underWay, int waiting, int slots) {}

  /**
   * What the other processes have.
   *
   * @param processes how many they are
   * @param permits how many attempts they may have under way
   * @param starving whether one of them wants more than it has
   */
  record Others(int processes, int permits, boolean starving) {}

  /**
   * What a process gets.
   *
   * @param permits how many attempts it may have under way
   * @param slots when attempts may begin; null if the endpoint has no rate limit
   * @param next the pace's new state; null if it did not change
   */
  record Share(int permits, @Nullable List<Instant> slots, @Nullable Instant next) {}

  /** How far ahead slots are handed out. */
  static final Duration HORIZON = TrafficControl.CYCLE.multipliedBy(2);

  static Share share(
      Traffic traffic,
      Breaker breaker,
      @Nullable Instant next,
      Demand demand,
      Others others,
      Instant now) {
    int permits = permits(limit(traffic, breaker.state(now)), demand, others);
    Traffic.Rate rate = traffic.rate();
    if (rate == null) {
      return new Share(permits, null, null);
    }
    int wanted = breaker.state(now) == Breaker.State.OPEN ? 0 : demand.slots();
    Pace.Slots slots = Pace.take(rate, next, wanted, now, HORIZON);
    List<Instant> times = IntStream.range(0, slots.count()).mapToObj(slots::at).toList();
    return new Share(permits, times, slots.count() == 0 ? null : requireNonNull(slots.next()));
  }

  private static int limit(Traffic traffic, Breaker.State state) {
    return switch (state) {
      case CLOSED -> traffic.concurrency();
      case HALF_OPEN -> 1;
      case OPEN -> 0;
    };
  }

  /**
   * All that is left, or a fair part where others starve; but never less than is under way, which
   * cannot be taken back.
   */
  private static int permits(int limit, Demand demand, Others others) {
    int fair = Math.ceilDiv(limit, others.processes() + 1);
    int most = others.starving() ? fair : limit;
    int left = Math.max(0, limit - others.permits());
    return Math.max(demand.underWay(), Math.min(left, most));
  }
}
