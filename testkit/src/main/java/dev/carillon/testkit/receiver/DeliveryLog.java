package dev.carillon.testkit.receiver;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What has arrived: the latest deliveries whole, all of them counted. Safe for use by threads. */
final class DeliveryLog {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<Delivery> kept = new ArrayDeque<>();
  private final Map<String, Tally> tallies = new HashMap<>();
  private final int most;
  private int finished;

  DeliveryLog(int most) {
    this.most = most;
  }

  /** Counts an arrival; returns how many there have been of this id. */
  int arrived(String webhookId) {
    lock.lock();
    try {
      return tallies.merge(webhookId, new Tally(1, 0), DeliveryLog::sum).received();
    } finally {
      lock.unlock();
    }
  }

  /** Keeps a delivery whose answer is decided, and wakes who waits for it. */
  void decided(Delivery delivery, boolean accepted) {
    lock.lock();
    try {
      if (accepted) {
        tallies.merge(delivery.webhookId(), new Tally(0, 1), DeliveryLog::sum);
      }
      if (kept.size() == most) {
        kept.removeFirst();
      }
      kept.addLast(delivery);
      finished++;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  List<Delivery> kept() {
    lock.lock();
    try {
      return List.copyOf(kept);
    } finally {
      lock.unlock();
    }
  }

  Map<String, Tally> tallies() {
    lock.lock();
    try {
      return Map.copyOf(tallies);
    } finally {
      lock.unlock();
    }
  }

  int count() {
    lock.lock();
    try {
      return finished;
    } finally {
      lock.unlock();
    }
  }

  boolean await(int count, Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while (finished < count && left > 0) {
        left = arrived.awaitNanos(left);
      }
      return finished >= count;
    } finally {
      lock.unlock();
    }
  }

  private static Tally sum(Tally a, Tally b) {
    return new Tally(a.received() + b.received(), a.accepted() + b.accepted());
  }
}
