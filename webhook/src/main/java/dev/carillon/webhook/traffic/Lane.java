package dev.carillon.webhook.traffic;

import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * This process's part of one endpoint's traffic: what is under way, what waits to begin, and what
 * the last exchange with the other processes allowed. Safe for use by many threads.
 */
final class Lane {

  /** How many slots are asked for where nothing is known yet. */
  private static final int FIRST_SLOTS = 10;

  /** Held events are claimed ahead of their permits: an eighth of what ends in a second. */
  private static final int AHEAD = 8;

  private final UUID endpoint;
  private final InstantSource clock;
  private final Runnable urgent;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final SlotQueue slots = new SlotQueue();
  private final Turnover turnover;
  private final Holding holding;

  private int permits;
  private long permitsUntil;
  private Breaker.State state = Breaker.State.CLOSED;
  private @Nullable String closed;
  private long revision;
  private boolean exhausted;
  private int underWay;
  private int waiting;
  private boolean slotIsWatched;
  private boolean retired;
  private long crowdedUntil;
  private long usedAt;
  private long exchangedAt;
  private Tally tally = Tally.NONE;

  /**
   * A lane that nothing is known of yet.
   *
   * @param urgent is run when the other processes should hear of something at once
   */
  Lane(UUID endpoint, InstantSource clock, Runnable urgent) {
    this.urgent = urgent;
    this.endpoint = endpoint;
    this.clock = clock;
    long now = System.nanoTime();
    usedAt = now;
    permitsUntil = now;
    crowdedUntil = now;
    exchangedAt = now - TrafficControl.LOOKOUT.toNanos();
    turnover = new Turnover(now);
    holding = new Holding(now);
  }

  UUID endpoint() {
    return endpoint;
  }

  /** The endpoint's revision as the last exchange saw it; 0 before the first, or without one. */
  long revision() {
    return locked(() -> revision);
  }

  /** Keeps the lane from retiring for a while; false if it has. */
  boolean use() {
    return locked(() -> {
      usedAt = System.nanoTime();
      return !retired;
    });
  }

  /** Begins an attempt if that is possible at once; null if it might be in a moment. */
  Gate.@Nullable Admission tryEnter() {
    return locked(() -> {
      boolean promised = holding.arrived(System.nanoTime());
      boolean overtakes = waiting > 0 && !promised && closed == null;
      return overtakes ? null : admission();
    });
  }

  /** Whether another exchange may give what the last one did not. */
  boolean isWorthAsking() {
    return locked(() -> !isGranted() || !exhausted);
  }

  /** Begins an attempt, or gives up after a time. */
  Gate.Admission enter(Duration patience) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (isCrowded()) {
        return heldBack(whyBusy());
      }
      waiting++;
      try {
        return turn(System.nanoTime() + patience.toNanos());
      } finally {
        waiting--;
        passOn();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Remembers that an event is held, since there is no room even to wait. */
  Gate.Admission hold(String reason) {
    return locked(() -> heldBack(reason));
  }

  /** Ends the lane's life unless something is going on: nothing begins in it any more. */
  boolean retire(Duration idle) {
    return locked(() -> {
      boolean busy = underWay > 0 || waiting > 0 || holding.isSome() || !tally.isEmpty();
      retired = !busy && System.nanoTime() - usedAt >= idle.toNanos();
      return retired;
    });
  }

  /** Whether an exchange is due: not so often while nothing can begin anyway. */
  boolean isDue() {
    return locked(() ->
        closed == null
            || underWay > 0
            || !tally.isEmpty()
            || System.nanoTime() - exchangedAt >= TrafficControl.LOOKOUT.toNanos());
  }

  /** What to ask for; the tally is handed over, and comes back by {@link #failed} if need be. */
  Request request() {
    return locked(() -> {
      long now = System.nanoTime();
      slots.trim(clock.instant());
      int coming = waiting + holding.coming(now);
      int busy = underWay + coming;
      int wanted = busy + (holding.isSome() ? Math.max(1, busy) : 0);
      int committed = isGranted() ? Math.max(underWay, permits) : underWay;
      boolean renew = permitsUntil - now < TrafficControl.SHARE_LEASE.toNanos() / 2;
      Tally told = tally;
      tally = Tally.NONE;
      exchangedAt = now;
      return new Request(
          endpoint, new Allotment.Demand(committed, wanted, wantedSlots(coming, now)), renew, told);
    });
  }

  /** The exchange failed: what was to be told is told the next time. */
  void failed(Request request) {
    locked(() -> tally = request.tally().then(tally));
  }

  /**
   * What the exchange allows, until it is renewed or its time is over.
   *
   * @param until when a lease is over that began anew, as a {@link System#nanoTime()}
   * @return whether the others should hear soon of what is no longer needed
   */
  boolean granted(Request request, Grant grant, long until) {
    return locked(() -> {
      Allotment.Share share = grant.share();
      boolean shrunk = isGranted() && share.published() > Math.max(underWay, share.permits());
      permits = share.permits();
      permitsUntil = grant.renewed() ? until : permitsUntil;
      state = grant.state();
      closed = grant.closed();
      revision = grant.revision();
      slots.add(grant.rate(), share.slots());
      int given = share.slots() == null ? Integer.MAX_VALUE : share.slots().size();
      exhausted = permits < request.demand().wanted() || given < request.demand().slots();
      if (closed == null) {
        changed.signal();
      } else {
        holding.forget();
        changed.signalAll();
      }
      return shrunk && share.contested();
    });
  }

  /** Somebody saw held events of this endpoint. */
  void markHolding() {
    locked(holding::seen);
  }

  /** Whether held events may be claimed here now. */
  boolean hasOpenings() {
    return locked(() -> room(System.nanoTime()) > 0);
  }

  /** How many held events may be claimed here now; so much room is kept for them. */
  int openings(int most) {
    return locked(() -> {
      long now = System.nanoTime();
      int openings = Math.min(room(now), most);
      holding.promise(openings, now);
      return openings;
    });
  }

  /** How many came of so many openings. */
  void claimed(int openings, int claims) {
    locked(() -> holding.claimed(openings, claims, System.nanoTime()));
  }

  /** An attempt that was let in. */
  private final class Pass implements Gate.Admission.Admitted {

    private final AtomicBoolean used = new AtomicBoolean();

    @Override
    public void left(Result result) {
      if (!used.getAndSet(true) && ended(result)) {
        urgent.run();
      }
    }
  }

  /** Whether the others should hear of it at once. */
  private boolean ended(Result result) {
    return locked(() -> {
      usedAt = System.nanoTime();
      underWay--;
      turnover.add(usedAt);
      tally = tally.with(result);
      changed.signal();
      return tally.gone()
          || tally.failedInRow() >= Breaker.TRIPS_AT
          || tally.askedUntil() != null
          || (state != Breaker.State.CLOSED && !tally.isEmpty());
    });
  }

  private Gate.Admission turn(long deadline) throws InterruptedException {
    Gate.Admission admission = waiting > 1 ? null : admission();
    long left = deadline - System.nanoTime();
    while (admission == null && left > 0) {
      long slot = nanosToSlotToWatch();
      boolean watches = slot < left;
      slotIsWatched |= watches;
      try {
        changed.awaitNanos(Math.min(slot, left));
      } finally {
        slotIsWatched &= !watches;
      }
      admission = admission();
      left = deadline - System.nanoTime();
    }
    if (admission == null) {
      crowdedUntil = System.nanoTime() + TrafficControl.PATIENCE.toNanos();
      return heldBack(whyBusy());
    }
    return admission;
  }

  /** One of those who wait watches for the next slot; the others sleep until they are woken. */
  private long nanosToSlotToWatch() {
    boolean watches = !slotIsWatched && isGranted() && underWay < permits;
    return watches ? slots.nanosToNext(clock.instant()) : Long.MAX_VALUE;
  }

  /** Who stops waiting lets another one look. */
  private void passOn() {
    if (waiting > 0 && !slotIsWatched) {
      changed.signal();
    }
  }

  /** Whether it is known that who comes now would wait in vain. */
  private boolean isCrowded() {
    long now = System.nanoTime();
    return crowdedUntil - now > 0 && waiting >= Math.max(1, turnover.recent(now));
  }

  private Gate.@Nullable Admission admission() {
    if (closed != null) {
      return new Gate.Admission.Refused(closed);
    }
    if (retired || !isGranted() || underWay >= permits || !slots.take(clock.instant())) {
      return null;
    }
    underWay++;
    return new Pass();
  }

  private Gate.Admission heldBack(String reason) {
    if (closed != null) {
      return new Gate.Admission.Refused(closed);
    }
    holding.held(System.nanoTime());
    return new Gate.Admission.Refused(reason);
  }

  private String whyBusy() {
    if (!isGranted()) {
      return "it is not known how much the endpoint may be sent: the database does not answer";
    }
    return underWay >= permits
        ? "the endpoint is busy: %d under way".formatted(underWay)
        : "the endpoint's rate limit is reached";
  }

  private boolean isGranted() {
    return permitsUntil - System.nanoTime() > 0;
  }

  /**
   * As many as can be used soon, since one that is not used is lost to all: none where nothing
   * ends. Those of held events are asked for ahead of time.
   */
  private int wantedSlots(int coming, long now) {
    int wanted = coming + (holding.isSome() ? FIRST_SLOTS : 0);
    if (isGranted()) {
      int recent = turnover.recent(now);
      int ahead = holding.isSome() ? slots.perHorizon() + 2 * (permits + recent) : coming;
      wanted = underWay >= permits && recent == 0 ? 0 : ahead;
    }
    return Math.max(0, wanted - slots.size());
  }

  private int room(long now) {
    boolean shut = closed != null || !isGranted() || permits == 0;
    if (shut || !holding.isWorthClaiming(now)) {
      return 0;
    }
    int coming = waiting + holding.coming(now);
    int ahead = state == Breaker.State.CLOSED ? turnover.recent(now) / AHEAD : 0;
    int room = permits - underWay - coming + ahead;
    int usable = slots.isPaced() ? Math.min(room, slots.size() - coming) : room;
    return usable < Math.max(1, ahead / 2) ? 0 : usable;
  }

  private <T extends @Nullable Object> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
