package dev.carillon.webhook.delivery;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what nothing in this process is told of. */
final class Patience {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private Patience() {}

  /** Looks until the condition holds; fails when the time is over. */
  static void until(Duration most, BooleanSupplier condition) {
    long end = System.nanoTime() + most.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within " + most);
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }
}
