package dev.carillon.refresh.pace;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The slots that one process holds, and what it is to ask of the store. Pure: times of this host's
 * monotonic clock go in, and it waits for nobody. For one thread at a time.
 *
 * <p>Why any second, wherever it begins, has no more calls than the limit, <i>L</i>: slots are
 * <i>d</i> apart, and <i>L d</i> is 1 s and the headroom. No call leaves before its slot. So of all
 * calls in the order in which they left, the <i>k</i>-th never left before the <i>k</i>-th slot;
 * and if it left <i>x</i> after that, then a call of that slot or of one before left no sooner, and
 * so was late by <i>x</i> or more. A call that is late by more than the {@link #TOLERANCE} has
 * later slots moved by what is beyond it, counted from its own slot: what others have had them
 * moved since then is part of it. So slot <i>k + L</i> is at least <i>L d + x</i> - tolerance after
 * slot <i>k</i>, and the call that leaves in it <i>L d</i> - tolerance after the <i>k</i>-th call:
 * 1 s, and what the headroom has beyond the tolerance. That is left to the network, whose delay may
 * differ by so much from call to call.
 *
 * <p>It is true as long as slots are moved before they are given: {@link Tempo#AHEAD} of the second
 * they are given already, and moving takes up to three round trips to the store. A call that is too
 * late for that does not leave in its slot.
 */
final class Booking {

  /** How late a call may be without consequences. */
  static final Duration TOLERANCE = Duration.ofMillis(4);

  /** How long before its slot a call is begun: it is to be ready when that comes. */
  static final Duration READY = Duration.ofMillis(40);

  /** With the last slot sooner than this more are reserved: so slow may the store be. */
  static final Duration LOW = Duration.ofMillis(200);

  /** How long after others had all slots it is asked again. */
  static final Duration RETRY = Duration.ofMillis(100);

  /** The most slots that are reserved at once. */
  static final int MOST_AT_ONCE = 64;

  /** By how much a call has slots moved at most: who stood still for longer finds all gone by. */
  static final Duration MAX_PUSH = Duration.ofSeconds(1);

  /** How long before it is used a slot is reserved, at most: as much as the store takes. */
  static final Duration MAX_LEAD = Duration.ofSeconds(1);

  /**
   * So many calls are made with more room: connections are opened, code is compiled, and the other
   * side does the same, so that what leaves in time arrives late.
   */
  static final int COLD_CALLS = 60;

  /** How many times their usual spacing slots are apart meanwhile. */
  static final double COLD_APART = 1.25;

  /** To have a slot moved: one under way is waited for, and the last had its slots after it. */
  private static final int ROUND_TRIPS = 3;

  /**
   * A slot.
   *
   * @param at by the store's clock
   * @param nanos by this host's
   * @param mostLate how many nanoseconds late a call may leave in it
   * @param pushed by how much slots had been moved in all when it was given
   */
  record Held(Instant at, long nanos, long mostLate, Duration pushed) {}

  /**
   * What is asked of the store.
   *
   * @param limit the calls a second that are never exceeded
   * @param reserves whether slots are reserved
   * @param pushTo by how much slots are to have been moved in all
   * @param lead how far ahead the first slot is at least
   * @param apart how many times their usual spacing slots are apart
   * @param nanos when it is asked
   */
  record Ask(
      double limit, boolean reserves, Duration pushTo, Duration lead, double apart, long nanos) {

    Tempo.Reserved of(Tempo tempo, Instant now) {
      Tempo mine = tempo.withLimit(limit).pushedTo(pushTo, now);
      return reserves
          ? mine.reserve(MOST_AT_ONCE, now.plus(lead), apart)
          : new Tempo.Reserved(mine, List.of());
    }
  }

  private final double limit;
  private final List<Held> slots = new ArrayList<>();
  private int begun;
  private int clearings;
  private int cold;
  private long missed;
  private long late;
  private Duration pushTo = Duration.ZERO;
  private Duration pushedTo = Duration.ZERO;
  private boolean isAsking;
  private int clearingsAsked;
  private @Nullable Long reserveAt;
  private long roundTrip;
  private TempoStore.@Nullable StoreClock clock;

  /**
   * No slots yet.
   *
   * @param cold how many calls are made with more room at first
   */
  Booking(double limit, int cold) {
    this.limit = limit;
    this.cold = cold;
  }

  /** What is to be asked of the store now, one thing at a time; null if nothing is. */
  @Nullable Ask ask(long now, boolean isWanted) {
    boolean reserves = isWanted && reserveIn(now) <= 0;
    if (isAsking || (!reserves && pushTo.compareTo(pushedTo) <= 0)) {
      return null;
    }
    isAsking = true;
    clearingsAsked = clearings;
    Duration lead =
        READY.plusNanos(Math.min(roundTrip, MAX_LEAD.toNanos())).truncatedTo(ChronoUnit.MICROS);
    return new Ask(limit, reserves, pushTo, lead, cold > 0 ? COLD_APART : 1, now);
  }

  /** Whether something is asked of the store and not answered. */
  boolean isAsking() {
    return isAsking;
  }

  /** In how many nanoseconds more slots are wanted. */
  long reserveIn(long now) {
    return reserveAt == null ? 0 : Math.max(0, reserveAt - now);
  }

  /** The store did not answer. */
  void unanswered() {
    isAsking = false;
  }

  /** The store answered. */
  void answered(Ask ask, TempoStore.Changed changed, long now) {
    isAsking = false;
    roundTrip = now - ask.nanos();
    pushedTo = changed.after().pushed();
    clock = clock == null ? changed.clock() : clock.or(changed.clock());
    if (ask.reserves() && clearingsAsked == clearings) {
      Instant store = changed.clock().now();
      List<Instant> given = ask.of(changed.before(), store).slots();
      hold(changed.after(), given, clock, store);
      reserveAt = given.size() == MOST_AT_ONCE ? Long.valueOf(now) : reserveAt(changed, now);
    }
  }

  private void hold(Tempo tempo, List<Instant> given, TempoStore.StoreClock clock, Instant now) {
    long spacing = tempo.spacing(now).toNanos();
    long inTime =
        tempo.window(now).minus(Tempo.AHEAD).minus(READY).toNanos() - ROUND_TRIPS * roundTrip;
    // Beyond a spacing it would cost as much as giving the slot up.
    long mostLate = Math.max(TOLERANCE.toNanos(), Math.min(spacing + TOLERANCE.toNanos(), inTime));
    given.forEach(at -> slots.add(new Held(at, clock.nanosAt(at), mostLate, tempo.pushed())));
  }

  private long reserveAt(TempoStore.Changed changed, long now) {
    Instant store = changed.clock().now();
    long free = changed.clock().nanosAt(changed.after().nextFree(store));
    long given = free - Tempo.AHEAD.toNanos();
    long few =
        slots.isEmpty() || slots.getLast().nanos() - now <= LOW.toNanos()
            ? now + RETRY.toNanos()
            : slots.getLast().nanos() - LOW.toNanos();
    return Math.max(given, few);
  }

  /** Gives up all slots; calls that were begun are called off. */
  void clear() {
    clearings++;
    slots.clear();
    begun = 0;
    reserveAt = null;
  }

  /** How often all slots have been given up. */
  int clearings() {
    return clearings;
  }

  /** Gives up the slots that were missed. */
  void expire(long now) {
    while (!slots.isEmpty() && now - slots.getFirst().nanos() > slots.getFirst().mostLate()) {
      slots.removeFirst();
      missed++;
    }
  }

  /** In how many nanoseconds the next call is to be begun; null if there is no slot for it. */
  @Nullable Long beginIn(long now) {
    return begun < slots.size()
        ? Math.max(0, slots.get(begun).nanos() - READY.toNanos() - now)
        : null;
  }

  /** A call is begun. */
  void begin() {
    begun++;
  }

  /** A call that was begun does not leave. */
  void without(int clearingsThen) {
    if (clearings == clearingsThen) {
      begun--;
    }
  }

  /** In how many nanoseconds the next call leaves; null if there is no slot for it. */
  @Nullable Long leaveIn(long now) {
    return slots.isEmpty() ? null : Math.max(0, slots.getFirst().nanos() - now);
  }

  /** A call leaves in the first slot. */
  Held leave() {
    begun--;
    return slots.removeFirst();
  }

  /** A call has left: what follows from that for later slots. */
  void left(Held slot, long now) {
    cold = Math.max(0, cold - 1);
    Duration by = Duration.ofNanos(now - slot.nanos()).minus(TOLERANCE);
    if (by.isPositive()) {
      late++;
      Duration total = slot.pushed().plus(by.compareTo(MAX_PUSH) > 0 ? MAX_PUSH : by);
      pushTo = total.compareTo(pushTo) > 0 ? total : pushTo;
    }
  }

  /** How well calls have kept to their slots. */
  Pace.Punctuality punctuality() {
    return new Pace.Punctuality(missed, late);
  }
}
