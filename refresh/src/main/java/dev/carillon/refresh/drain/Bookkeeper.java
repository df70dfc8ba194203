package dev.carillon.refresh.drain;

import dev.carillon.refresh.queue.RefreshQueue.Taken;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Has the ledger written while calls are made: every so often, or when enough answers have come.
 * Safe for use by many threads.
 */
final class Bookkeeper implements Runnable {

  /** How many answers are enough. */
  static final int ENOUGH = 50;

  /** How long an answer waits for others at most. */
  static final Duration EVERY = Duration.ofMillis(200);

  /** How long after a failure it is tried again. */
  static final Duration RETRY = Duration.ofMillis(500);

  /**
   * For how long it is tried to tell the queue what is done when all is written. Untold requests
   * come back when their leases end, are fresh, and are dropped.
   */
  static final Duration QUEUE_PATIENCE = Duration.ofSeconds(5);

  private final CallsInHand calls;
  private final Ledger ledger;
  private final Runnable tick;
  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * A bookkeeper.
   *
   * @param tick is run after each time
   */
  Bookkeeper(CallsInHand calls, Ledger ledger, Runnable tick) {
    this.calls = calls;
    this.ledger = ledger;
    this.tick = tick;
  }

  @Override
  public void run() {
    try {
      while (closed.getCount() > 0) {
        calls.awaitAnswers(ENOUGH, EVERY);
        if (!write(EVERY)) {
          var _ = closed.await(RETRY.toNanos(), TimeUnit.NANOSECONDS);
        }
        tick.run();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Why something could not be written; null if everything could. */
  @Nullable String trouble() {
    return ledger.trouble();
  }

  /**
   * Writes all that has come.
   *
   * @return whether nothing is left; false also if another thread is writing all the time
   */
  boolean write(Duration atMost) throws InterruptedException {
    if (!lock.tryLock(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS)) {
      return false;
    }
    try {
      return ledger.write(calls.collect());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Writes the last of it, as often as it takes.
   *
   * @return how many answers are not written after all
   */
  int finish(List<Taken> abandoned, Duration atMost) throws InterruptedException {
    closed.countDown();
    long start = System.nanoTime();
    boolean isHeld = lock.tryLock(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS);
    if (!isHeld) {
      return ledger.unwritten();
    }
    try {
      ledger.giveBack(abandoned);
      while (!ledger.write(calls.collect())) {
        Duration patience =
            ledger.unwritten() == 0 && atMost.compareTo(QUEUE_PATIENCE) > 0
                ? QUEUE_PATIENCE
                : atMost;
        if (System.nanoTime() - start >= patience.toNanos()) {
          break;
        }
        TimeUnit.NANOSECONDS.sleep(RETRY.toNanos());
      }
      return ledger.unwritten();
    } finally {
      lock.unlock();
    }
  }
}
