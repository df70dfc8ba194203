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
 *
 * @param traffic the endpoint's limits
 * @param state its breaker's state
 * @param next its pace's state; null if it has none yet
 */
record Allotment(Traffic traffic, Breaker.State state, @Nullable Instant next) {

  /** How often a permit goes to another process, where there are fewer permits than processes. */
  static final Duration TURN = Duration.ofSeconds(2);

  Allotment {
    requireNonNull(traffic, "traffic is null");
    requireNonNull(state, "state is null");
  }

  /**
   * What a process asks for.
   *
   * @param committed how many attempts it may have begun before it hears the answer
   * @param wanted how many it wants under way
   * @param slots how many slots of the rate it wants
   */
  record Demand(int committed, int wanted, int slots) {}

  /**
   * What the other processes have.
   *
   * @param permits how many attempts they may have under way
   * @param sharing how many of them have permits, or want some
   * @param starving how many of them want more than they have
   * @param starvingPermits how many permits those have
   * @param starvingBefore how many of those come before this process, in an order that all agree on
   */
  record Others(int permits, int sharing, int starving, int starvingPermits, int starvingBefore) {

    /** No process but this one. */
    static final Others NONE = new Others(0, 0, 0, 0, 0);
  }

  /**
   * What a process gets.
   *
   * @param permits how many attempts may be under way for another one to begin
   * @param published how many the other processes are to believe it has: what it may have begun is
   *     not free before the process has said so
   * @param starving whether it wants more
   * @param contested whether others want more than they have
   * @param slots when attempts may begin; null if the endpoint has no rate limit
   * @param next the pace's new state; null if it did not change
   */
  record Share(
      int permits,
      int published,
      boolean starving,
      boolean contested,
      @Nullable List<Instant> slots,
      @Nullable Instant next) {}

  /** What a process gets by what it asks for. */
  Share share(Demand demand, Others others, Instant now) {
    int limit = limit();
    int wanted = Math.min(demand.wanted(), limit);
    int permits = permits(wanted, limit, others, now);
    int published = Math.max(permits, demand.committed());
    boolean starving = wanted > permits;
    boolean contested = others.starving() > 0;
    Traffic.Rate rate = traffic.rate();
    if (rate == null) {
      return new Share(permits, published, starving, contested, null, null);
    }
    int most = state == Breaker.State.OPEN ? 0 : demand.slots();
    Pace.Slots slots = new Pace(rate).take(next, most, now);
    List<Instant> times = IntStream.range(0, slots.count()).mapToObj(slots::at).toList();
    Instant after = times.isEmpty() ? null : slots.next();
    return new Share(permits, published, starving, contested, times, after);
  }

  private int limit() {
    return switch (state) {
      case CLOSED -> traffic.concurrency();
      case HALF_OPEN -> 1;
      case OPEN -> 0;
    };
  }

  /**
   * What it wants and half of what nobody does, so that one that comes later finds something; or a
   * fair part, where others starve.
   */
  private static int permits(int wanted, int limit, Others others, Instant now) {
    int left = Math.max(0, limit - others.permits());
    if (others.starving() > 0) {
      return Math.min(left, Math.min(wanted, fair(limit, others, now)));
    }
    return Math.min(left, wanted + Math.ceilDiv(Math.max(0, left - wanted), 2));
  }

  /**
   * An equal part for each process, and an equal part of what the modest ones leave for each of the
   * others. What cannot be divided goes round.
   */
  private static int fair(int limit, Others others, Instant now) {
    int modest = others.permits() - others.starvingPermits();
    int pool = Math.max(0, limit - modest);
    int greedy = others.starving() + 1;
    long turn = Math.floorDiv(now.toEpochMilli(), TURN.toMillis()) + others.starvingBefore();
    int more = Math.floorMod(turn, greedy) < pool % greedy ? 1 : 0;
    return Math.max(limit / (others.sharing() + 1), pool / greedy + more);
  }
}
