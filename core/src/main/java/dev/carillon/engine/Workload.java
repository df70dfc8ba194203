package dev.carillon.engine;

import dev.carillon.store.Claim;
import dev.carillon.store.EventStore;
import dev.carillon.store.Exchange;
import dev.carillon.store.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What this process has in hand: events in flight, and ended attempts that wait to be settled. Also
 * the near-due timer: it sleeps until the next event is due, to the millisecond. Safe for use by
 * many threads.
 */
final class Workload {

  /**
   * How many batches one claim takes while more is due than it took the last time. On time, a claim
   * is small and leaves the rest to other processes; behind, a commit for each batch of 100 would
   * be what limits the rate.
   */
  static final int BATCHES_WHILE_BEHIND = 10;

  /**
   * The shortest sleep: due events that another process is claiming are not looked at in a spin.
   */
  private static final long MIN_SLEEP_NANOS = 1_000_000;

  private final EngineConfig config;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Transition> ended = new ArrayDeque<>();

  /** The events that this process knows it has claimed, until their settlement is confirmed. */
  private final Set<UUID> known = new HashSet<>();

  private int inFlight;
  private boolean behind;
  private long takenAt;
  private boolean claiming = true;

  /** When something is due next, as far as is known; at first long ago, for nobody has looked. */
  private @Nullable Instant nextDue = Instant.EPOCH;

  Workload(EngineConfig config) {
    this.config = config;
    this.takenAt = System.nanoTime() - config.gathering().toNanos();
  }

  /**
   * What one exchange with the store is to do. From when it is taken, what it settles is no longer
   * in flight and what it may claim is: exchanges at the same time never claim too much together.
   *
   * @param settled the ended attempts to settle
   * @param room how many events to claim at most
   */
  record Round(List<Transition> settled, int room) {}

  /**
   * Takes what one exchange can do, which ends in {@link #exchanged} or {@link #putBack}.
   *
   * @param mayClaim whether the process's lease holds
   */
  Round take(boolean mayClaim) {
    lock.lock();
    try {
      List<Transition> settled = new ArrayList<>();
      while (!ended.isEmpty() && settled.size() < EventStore.MAX_BATCH) {
        settled.add(ended.remove());
      }
      inFlight -= settled.size();
      int room = mayClaim ? room() : 0;
      inFlight += room;
      nextDue = null;
      takenAt = System.nanoTime();
      return new Round(settled, room);
    } finally {
      lock.unlock();
    }
  }

  /** Takes back what could not be exchanged. */
  void putBack(Round round) {
    lock.lock();
    try {
      ended.addAll(round.settled());
      inFlight += round.settled().size() - round.room();
    } finally {
      lock.unlock();
    }
  }

  /** The store did its part of a round. */
  void exchanged(Round round, Exchange exchange) {
    lock.lock();
    try {
      round.settled().forEach(settled -> known.remove(settled.claim().event().id()));
      exchange.claims().forEach(claim -> known.add(claim.event().id()));
      int claimed = exchange.claims().size();
      inFlight += claimed - round.room();
      behind = claimed == round.room() && (behind || claimed > 0);
      hint(exchange.nextDue());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What was claimed of the room that a round kept free for held events. */
  void reserved(int room, List<Claim> claims) {
    lock.lock();
    try {
      claims.forEach(claim -> known.add(claim.event().id()));
      inFlight += claims.size() - room;
      if (room > 0) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** An attempt ended; null if it was not begun, since the claim was lost before. */
  void ended(Claim claim, @Nullable Transition transition) {
    lock.lock();
    try {
      if (transition == null) {
        inFlight--;
        known.remove(claim.event().id());
      } else {
        ended.add(transition);
      }
      if (ended.size() <= 1 || ended.size() >= inFlight || isUrgent()) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The events that this process knows it has claimed. */
  Set<UUID> known() {
    lock.lock();
    try {
      return Set.copyOf(known);
    } finally {
      lock.unlock();
    }
  }

  /** Something is due at the given time, if any. */
  void hint(@Nullable Instant due) {
    lock.lock();
    try {
      if (due != null && (nextDue == null || due.isBefore(nextDue))) {
        nextDue = due;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Claims nothing from now on; what is claimed goes on. */
  void stopClaiming() {
    lock.lock();
    try {
      claiming = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sleeps until there is something to settle or to claim, or for the poll interval.
   *
   * @param now what the engine's clock shows
   * @return false if claiming was stopped and nothing is in flight
   */
  boolean awaitWork(Instant now) throws InterruptedException {
    lock.lock();
    try {
      long start = System.nanoTime();
      long left = sleep(now);
      while (left > 0 && ended.isEmpty() && !mayClaimMore() && (claiming || inFlight > 0)) {
        changed.awaitNanos(left);
        left = sleep(now) - (System.nanoTime() - start);
      }
      gather();
      return claiming || inFlight > 0;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sleeps for a time.
   *
   * @return false if claiming was stopped and nothing is in flight
   */
  boolean pause(Duration time) {
    lock.lock();
    try {
      long left = time.toNanos();
      while ((claiming || inFlight > 0) && left > 0) {
        left = changed.awaitNanos(left);
      }
      return claiming || inFlight > 0;
    } catch (InterruptedException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all that is in flight has ended and only waits to be settled. */
  void awaitEnded() throws InterruptedException {
    lock.lock();
    try {
      while (ended.size() < inFlight) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The given time, or an earlier one at which something is due that only waits to be settled. */
  @Nullable Instant earlierOf(@Nullable Instant due) {
    lock.lock();
    try {
      return Stream.concat(Stream.ofNullable(due), ended.stream().flatMap(Workload::followingDue))
          .min(Comparator.naturalOrder())
          .orElse(null);
    } finally {
      lock.unlock();
    }
  }

  private static Stream<Instant> followingDue(Transition transition) {
    return switch (transition) {
      case Transition.Retried retried -> Stream.of(retried.due());
      case Transition.Held _ -> Stream.empty();
      case Transition.Completed _, Transition.Failed _, Transition.Cancelled _ ->
          transition.next().stream().map(event -> event.at().instant());
    };
  }

  /**
   * Gathers more for the next exchange: at a thousand events a second, each one's own would be four
   * statements and a commit an event.
   */
  private void gather() throws InterruptedException {
    long left = config.gathering().toNanos() - (System.nanoTime() - takenAt);
    while (left > 0 && !isUrgent() && (claiming || inFlight > 0)) {
      changed.awaitNanos(left);
      left = config.gathering().toNanos() - (System.nanoTime() - takenAt);
    }
  }

  /** Whether there is a batch to settle or to claim, or nothing else to do while more is due. */
  private boolean isUrgent() {
    return ended.size() >= batch() || (behind && (ended.size() == inFlight || room() == batch()));
  }

  private boolean mayClaimMore() {
    return behind && room() > 0;
  }

  private int room() {
    return claiming ? Math.clamp(config.concurrency() - inFlight, 0, batch()) : 0;
  }

  private int batch() {
    int batches = behind ? BATCHES_WHILE_BEHIND : 1;
    return Math.min(config.claimBatch() * batches, EventStore.MAX_BATCH);
  }

  private long sleep(Instant now) {
    return nanosUntil(nextDue, now, config.pollInterval().toNanos());
  }

  private static long nanosUntil(@Nullable Instant due, Instant now, long most) {
    if (due == null || due.isAfter(now.plusNanos(most))) {
      return most;
    }
    return Math.max(Duration.between(now, due).toNanos(), MIN_SLEEP_NANOS);
  }
}
