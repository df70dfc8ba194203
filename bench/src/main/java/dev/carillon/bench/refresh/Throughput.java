package dev.carillon.bench.refresh;

import dev.carillon.refresh.clash.ClashSource;
import dev.carillon.refresh.queue.RefreshQueue;
import dev.carillon.refresh.queue.RefreshQueue.Taken;
import dev.carillon.refresh.request.Priority;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Adds and takes as fast as it goes.
 *
 * @param store where the queue is
 * @param clock tells when requests are made
 */
record Throughput(Store store, InstantSource clock) {

  /** How many threads work at once. */
  static final int THREADS = 8;

  private static final int TAKEN_AT_ONCE = 100;
  private static final double NANOS_PER_SECOND = 1e9;

  /**
   * How fast something went.
   *
   * @param what was done
   * @param requests to how many
   * @param seconds how long that took
   */
  record Rate(String what, int requests, double seconds) {

    double perSecond() {
      return requests / seconds;
    }
  }

  /** Adds new clans, some at a time, of all priorities in turn. */
  Rate add(int first, int count, int atOnce, int threads) throws InterruptedException {
    Instant now = clock.instant();
    AtomicInteger next = new AtomicInteger(first);
    double seconds =
        timed(
            threads,
            () -> {
              int from = next.getAndAdd(atOnce);
              int most = Math.min(atOnce, first + count - from);
              if (most <= 0) {
                return false;
              }
              Priority priority = Priority.of(from / atOnce % Priority.values().length);
              store.queue().add(Clans.requests(from, most, priority, now));
              return true;
            });
    return new Rate("add, %s".formatted(manner(atOnce, threads)), count, seconds);
  }

  /** Takes and ends what waits. */
  Rate takeAndEnd(int count, int threads) throws InterruptedException {
    AtomicInteger left = new AtomicInteger(count);
    RefreshQueue queue = store.queue();
    double seconds =
        timed(
            threads,
            () -> {
              if (left.getAndAdd(-TAKEN_AT_ONCE) <= 0) {
                return false;
              }
              List<Taken> taken = queue.take(ClashSource.NAME, TAKEN_AT_ONCE, clock.instant());
              queue.done(taken);
              return !taken.isEmpty();
            });
    return new Rate("take and end, %s".formatted(manner(TAKEN_AT_ONCE, threads)), count, seconds);
  }

  private static String manner(int atOnce, int threads) {
    return "%,d at a time, %d thread%s".formatted(atOnce, threads, threads == 1 ? "" : "s");
  }

  /** Has each thread do something again and again, until there is nothing more to do. */
  private static double timed(int threads, Callable<Boolean> step) throws InterruptedException {
    long start = System.nanoTime();
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(
            executor.submit(() -> {
              boolean more = true;
              while (more) {
                more = step.call();
              }
              return null;
            }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a thread failed", e.getCause());
    }
    return (System.nanoTime() - start) / NANOS_PER_SECOND;
  }
}
