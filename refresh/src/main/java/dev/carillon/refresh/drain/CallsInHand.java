package dev.carillon.refresh.drain;

import dev.carillon.refresh.pace.Departure;
import dev.carillon.refresh.pace.Turn;
import dev.carillon.refresh.queue.RefreshQueue.Taken;
import dev.carillon.refresh.source.Fetched;
import dev.carillon.refresh.source.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of a drain that are under way, each on a virtual thread of its own, and the answers
 * that nobody has collected. Safe for use by many threads.
 */
final class CallsInHand {

  /** The most calls under way. */
  static final int MOST = 64;

  /** The most calls that are under way or not collected: no more are begun then. */
  static final int MOST_UNCOLLECTED = 512;

  private static final Logger LOG = LoggerFactory.getLogger(CallsInHand.class);

  private final Source source;
  private final Consumer<Fetched> listener;
  private final Runnable leaving;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Taken, Thread> underWay = new HashMap<>();
  private List<Answer> ended = new ArrayList<>();

  /**
   * No calls yet.
   *
   * @param listener hears each answer at once, on the call's thread
   * @param leaving is run when a call leaves, on the call's thread
   */
  CallsInHand(Source source, Consumer<Fetched> listener, Runnable leaving) {
    this.source = source;
    this.listener = listener;
    this.leaving = leaving;
  }

  /** A departure that is noted. */
  private record Noted(Departure departure, Runnable leaving) implements Departure {

    @Override
    public boolean await() throws InterruptedException {
      boolean isOn = departure.await();
      if (isOn) {
        leaving.run();
      }
      return isOn;
    }

    @Override
    public void left() {
      departure.left();
    }
  }

  /** Waits until another call may be begun; false if none may in time. */
  boolean awaitRoom(Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while (underWay.size() >= MOST || underWay.size() + ended.size() >= MOST_UNCOLLECTED) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Begins a call, which leaves when its turn comes. */
  void begin(Taken taken, Turn turn) {
    Thread thread = Thread.ofVirtual().name("refresh-call").unstarted(() -> call(taken, turn));
    lock.lock();
    try {
      underWay.put(taken, thread);
    } finally {
      lock.unlock();
    }
    thread.start();
  }

  /** Waits until no call is under way; false if some still are. */
  boolean awaitNone(Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while (!underWay.isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
      }
      return underWay.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until so many answers have come, or for so long. */
  void awaitAnswers(int enough, Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while (ended.size() < enough && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The answers that have come since the last time. */
  List<Answer> collect() {
    lock.lock();
    try {
      List<Answer> collected = ended;
      ended = new ArrayList<>();
      changed.signalAll();
      return collected;
    } finally {
      lock.unlock();
    }
  }

  /** Breaks off what is under way; returns the requests, whose answers are not collected. */
  List<Taken> abandon() {
    lock.lock();
    try {
      List<Taken> abandoned = List.copyOf(underWay.keySet());
      underWay.values().forEach(Thread::interrupt);
      underWay.clear();
      changed.signalAll();
      return abandoned;
    } finally {
      lock.unlock();
    }
  }

  private void call(Taken taken, Turn turn) {
    Fetched fetched = fetch(taken, turn);
    try {
      listener.accept(fetched);
    } finally {
      lock.lock();
      try {
        if (underWay.remove(taken) != null) {
          ended.add(new Answer(taken, fetched));
        }
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private Fetched fetch(Taken taken, Turn turn) {
    try (turn) {
      return source.fetch(taken.request().key(), new Noted(turn, leaving));
    } catch (InterruptedException _) {
      return new Fetched.Failed(taken.request().key(), "the call was broken off");
    } catch (RuntimeException e) {
      // Sources tell what the other side does; this is a mistake of the source's own.
      LOG.error("fetching {} failed", taken.request().key(), e);
      return new Fetched.Failed(
          taken.request().key(), "the source failed: " + e.getClass().getSimpleName());
    }
  }
}
