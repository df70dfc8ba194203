package dev.carillon.refresh.drain;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A wish that a drain end: no call is begun any more, those in hand are finished, the rest stays in
 * the queue. Safe for use by many threads.
 */
public final class Stop {

  private final CountDownLatch asked = new CountDownLatch(1);

  /** Asks the drain to end. */
  public void ask() {
    asked.countDown();
  }

  /** Whether it was asked. */
  public boolean isAsked() {
    return asked.getCount() == 0;
  }

  /** Waits until it is asked; false if it was not in time. */
  boolean await(Duration atMost) throws InterruptedException {
    return asked.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }
}
