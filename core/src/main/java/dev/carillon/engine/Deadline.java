package dev.carillon.engine;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Interrupts threads that take longer over one attempt than allowed. */
final class Deadline implements AutoCloseable {

  private final Duration limit;
  private final ScheduledThreadPoolExecutor timer;

  Deadline(Duration limit) {
    this.limit = limit;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("carillon-deadline").factory());
    this.timer.setRemoveOnCancelPolicy(true);
  }

  /** Ends the watch over the thread that opened it. */
  interface Guard extends AutoCloseable {
    @Override
    void close();
  }

  /** Watches over the calling thread until the guard is closed. */
  Guard guard() {
    Thread thread = Thread.currentThread();
    Future<?> alarm = timer.schedule(thread::interrupt, limit.toNanos(), TimeUnit.NANOSECONDS);
    return () -> alarm.cancel(false);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
