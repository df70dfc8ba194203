package dev.carillon.engine;

import dev.carillon.store.EventStore;
import dev.carillon.store.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
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
   * The shortest sleep: due events that another process is claiming are not looked at in a spin.
   */
  private static final long MIN_SLEEP_NANOS = 1_000_000;

  private final EngineConfig config;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Transition> ended = new ArrayDeque<>();
  private int inFlight;
  private @Nullable Instant hint;
  private boolean claiming = true;

  Workload(EngineConfig config) {
    this.config = config;
  }

  /** How many events may be claimed now. */
  int room() {
    lock.lock();
    try {
      return claiming ? Math.clamp(config.concurrency() - inFlight, 0, config.claimBatch()) : 0;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the ended attempts, to settle them. */
  List<Transition> takeEnded() {
    lock.lock();
    try {
      hint = null;
      List<Transition> taken = new ArrayList<>();
      while (!ended.isEmpty() && taken.size() < EventStore.MAX_BATCH) {
        taken.add(ended.remove());
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Puts ended attempts back that could not be settled. */
  void putBack(List<Transition> transitions) {
    lock.lock();
    try {
      ended.addAll(transitions);
    } finally {
      lock.unlock();
    }
  }

  /** So many were settled, and so many claimed. */
  void exchanged(int settled, int claimed) {
    lock.lock();
    try {
      inFlight += claimed - settled;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** An attempt ended; null if it was not begun, since the claim was lost before. */
  void ended(@Nullable Transition transition) {
    lock.lock();
    try {
      if (transition == null) {
        inFlight--;
      } else {
        ended.add(transition);
      }
      if (ended.size() <= 1 || isWorthSettling()) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** An event was planned that is due at the given time. */
  void hint(Instant due) {
    lock.lock();
    try {
      if (hint == null || due.isBefore(hint)) {
        hint = due;
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
  boolean awaitWork(Dispatcher.Cycle last, Instant now) throws InterruptedException {
    lock.lock();
    try {
      long start = System.nanoTime();
      long left = sleep(last.nextDue(), now);
      while (left > 0 && ended.isEmpty() && !last.full() && (claiming || inFlight > 0)) {
        changed.awaitNanos(left);
        left = sleep(last.nextDue(), now) - (System.nanoTime() - start);
      }
      linger();
      return claiming || inFlight > 0;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sleeps for a time, or until claiming is stopped.
   *
   * @return false if claiming was stopped
   */
  boolean pause(Duration time) {
    lock.lock();
    try {
      long left = time.toNanos();
      while (claiming && left > 0) {
        left = changed.awaitNanos(left);
      }
      return claiming;
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
      case Transition.Completed _, Transition.Failed _ ->
          transition.next().stream().map(event -> event.at().instant());
    };
  }

  /** Gathers a few more ended attempts, so that they are settled in one transaction. */
  private void linger() throws InterruptedException {
    long left = config.settleLinger().toNanos();
    while (!ended.isEmpty() && !isWorthSettling() && left > 0) {
      left = changed.awaitNanos(left);
    }
  }

  private boolean isWorthSettling() {
    return ended.size() >= Math.min(inFlight, config.claimBatch());
  }

  private long sleep(@Nullable Instant nextDue, Instant now) {
    long poll = config.pollInterval().toNanos();
    return Math.min(poll, Math.min(nanosUntil(nextDue, now, poll), nanosUntil(hint, now, poll)));
  }

  private static long nanosUntil(@Nullable Instant due, Instant now, long most) {
    if (due == null || due.isAfter(now.plusNanos(most))) {
      return most;
    }
    return Math.max(Duration.between(now, due).toNanos(), MIN_SLEEP_NANOS);
  }
}
