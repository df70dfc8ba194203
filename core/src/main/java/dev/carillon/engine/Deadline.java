package dev.carillon.engine;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Interrupts threads that take longer than allowed. Safe for use by many threads. */
public final class Deadline implements AutoCloseable {

  private final ScheduledThreadPoolExecutor timer;

  /** Watches over nobody yet. */
  public Deadline() {
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("carillon-deadline").factory());
    this.timer.setRemoveOnCancelPolicy(true);
  }

  /** Ends the watch over the thread that opened it. */
  public interface Guard extends AutoCloseable {
    @Override
    void close();
  }

  /** Watches over the calling thread until the guard is closed. */
  public Guard guard(Duration limit) {
    Thread thread = Thread.currentThread();
    Future<?> alarm = timer.schedule(thread::interrupt, limit.toNanos(), TimeUnit.NANOSECONDS);
    return () -> alarm.cancel(false);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
