package dev.carillon.webhook.traffic;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * This process's part of one endpoint's traffic: what is under way, what waits to begin, and what
 * the last exchange with the other processes allowed. Safe for use by many threads.
 */
final class Lane {

  /** What the exchange allows. */
  record Grant(
      int permits,
      @Nullable List<Instant> slots,
      Breaker.State state,
      @Nullable String closed,
      long revision) {}

  /** What is asked of the exchange. */
  record Request(UUID endpoint, Allotment.Demand demand, boolean starving, Tally tally) {}

  private final UUID endpoint;
  private final InstantSource clock;
  private final Runnable urgent;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Instant> slots = new ArrayDeque<>();

  private int permits;
  private long permitsUntil;
  private boolean paced;
  private Breaker.State state = Breaker.State.CLOSED;
  private @Nullable String closed;
  private long revision;
  private int underWay;
  private int waiting;
  private int promised;
  private boolean holding;
  private long usedAt = System.nanoTime();
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
    this.permitsUntil = usedAt;
  }

  UUID endpoint() {
    return endpoint;
  }

  /** The endpoint's revision as the last exchange saw it; 0 before the first, or without one. */
  long revision() {
    lock.lock();
    try {
      return revision;
    } finally {
      lock.unlock();
    }
  }

  /** Begins an attempt if that is possible at once; null if it might be in a moment. */
  Gate.@Nullable Admission tryEnter() {
    lock.lock();
    try {
      usedAt = System.nanoTime();
      promised = Math.max(0, promised - 1);
      return admission();
    } finally {
      lock.unlock();
    }
  }

  /** Begins an attempt, or gives up after a time. */
  Gate.Admission enter(Duration patience) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      waiting++;
      long deadline = System.nanoTime() + patience.toNanos();
      Gate.Admission admission = admission();
      while (admission == null && deadline - System.nanoTime() > 0) {
        changed.awaitNanos(Math.min(deadline - System.nanoTime(), nanosToSlot()));
        admission = admission();
      }
      return admission == null ? hold("it is busy: %d under way".formatted(underWay)) : admission;
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  /** Remembers that an event is held, since there is no room even to wait. */
  Gate.Admission hold(String reason) {
    lock.lock();
    try {
      holding = true;
      return new Gate.Admission.Refused(reason);
    } finally {
      lock.unlock();
    }
  }

  private void left(Result result) {
    if (ended(result)) {
      urgent.run();
    }
  }

  /** Whether the others should hear of it at once. */
  private boolean ended(Result result) {
    lock.lock();
    try {
      underWay--;
      usedAt = System.nanoTime();
      tally = tally.with(result);
      changed.signal();
      return tally.gone()
          || tally.failedInRow() >= Breaker.TRIPS_AT
          || tally.askedUntil() != null
          || (state != Breaker.State.CLOSED && !tally.isEmpty());
    } finally {
      lock.unlock();
    }
  }

  /** Whether an exchange is worth while. */
  boolean isActive(Duration idle) {
    lock.lock();
    try {
      return underWay > 0
          || waiting > 0
          || holding
          || !tally.isEmpty()
          || System.nanoTime() - usedAt < idle.toNanos();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the lane's life unless something is going on. Who has it in hand still finds no permit.
   *
   * @return whether it ended
   */
  boolean retire(Duration idle) {
    lock.lock();
    try {
      boolean retires = !isActive(idle);
      permitsUntil = retires ? System.nanoTime() : permitsUntil;
      return retires;
    } finally {
      lock.unlock();
    }
  }

  /** What to ask for; the tally is handed over, and comes back by {@link #failed} if need be. */
  Request request() {
    lock.lock();
    try {
      int more = waiting + promised;
      int wanted = holding ? Integer.MAX_VALUE : Math.max(0, more - slots.size());
      boolean starving = permits < underWay + more || (holding && permits == underWay);
      Tally told = tally;
      tally = Tally.NONE;
      return new Request(endpoint, new Allotment.Demand(underWay, more, wanted), starving, told);
    } finally {
      lock.unlock();
    }
  }

  /** The exchange failed: what was to be told is told the next time. */
  void failed(Request request) {
    lock.lock();
    try {
      tally = request.tally().then(tally);
    } finally {
      lock.unlock();
    }
  }

  /** What the exchange allows, until it is renewed or its time is over. */
  void granted(Grant grant, Duration lease) {
    lock.lock();
    try {
      permits = grant.permits();
      permitsUntil = System.nanoTime() + lease.toNanos();
      state = grant.state();
      closed = grant.closed();
      revision = grant.revision();
      promised = 0;
      paced = grant.slots() != null;
      if (grant.slots() == null) {
        slots.clear();
      } else {
        slots.addAll(grant.slots());
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Forgets slots that nobody used in time. */
  void dropSlotsBefore(Instant time) {
    lock.lock();
    try {
      while (!slots.isEmpty() && slots.peek().isBefore(time)) {
        slots.poll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Somebody saw held events of this endpoint. */
  void markHolding() {
    lock.lock();
    try {
      holding = true;
    } finally {
      lock.unlock();
    }
  }

  /** How many held events may be claimed here now; so much room is kept for them. */
  int openings(int most) {
    lock.lock();
    try {
      if (!holding || closed != null || !isGranted()) {
        return 0;
      }
      int room = permits - underWay - waiting - promised;
      int paces = paced ? slots.size() - waiting - promised : room;
      int openings = Math.clamp(Math.min(room, paces), 0, most);
      promised += openings;
      return openings;
    } finally {
      lock.unlock();
    }
  }

  /** How many came of so many openings. */
  void claimed(int openings, int claims) {
    lock.lock();
    try {
      promised = Math.max(0, promised - (openings - claims));
      if (claims < openings) {
        holding = false;
      }
    } finally {
      lock.unlock();
    }
  }

  private Gate.@Nullable Admission admission() {
    if (closed != null) {
      return hold(closed);
    }
    if (!isGranted() || underWay >= permits || !takeSlot()) {
      return null;
    }
    underWay++;
    return (Gate.Admission.Admitted) this::left;
  }

  private boolean isGranted() {
    return permitsUntil - System.nanoTime() > 0;
  }

  private boolean takeSlot() {
    if (!paced) {
      return true;
    }
    Instant slot = slots.peek();
    if (slot == null || slot.isAfter(clock.instant())) {
      return false;
    }
    slots.poll();
    return true;
  }

  private long nanosToSlot() {
    Instant slot = slots.peek();
    if (!paced || slot == null || underWay >= permits) {
      return Long.MAX_VALUE;
    }
    return Math.max(1, Duration.between(clock.instant(), slot).toNanos());
  }
}
