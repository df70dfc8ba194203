package dev.carillon.webhook.traffic;

import dev.carillon.testkit.Patience;
import dev.carillon.webhook.traffic.Gate.Admission.Admitted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Threads of several processes that make attempts to one endpoint, one after the other. */
final class Crowd {

  private static final Duration AFTER_A_REFUSAL = Duration.ofMillis(20);

  private final List<TrafficProcess> processes;
  private final UUID endpoint;
  private final AtomicInteger live = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final List<AtomicInteger> served = new ArrayList<>();
  private final Queue<Instant> begun = new ConcurrentLinkedQueue<>();
  private int size = 1;
  private Duration work = Duration.ZERO;
  private volatile boolean over;

  Crowd(List<TrafficProcess> processes, UUID endpoint) {
    this.processes = processes;
    this.endpoint = endpoint;
  }

  /** So many threads of each process. */
  Crowd of(int threads) {
    size = threads;
    return this;
  }

  /** How long each attempt takes. */
  Crowd working(Duration time) {
    work = time;
    return this;
  }

  /** Makes attempts until the condition holds. */
  void until(BooleanSupplier condition) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (TrafficProcess process : processes) {
      AtomicInteger mine = new AtomicInteger();
      served.add(mine);
      for (int i = 0; i < size; i++) {
        threads.add(Thread.ofVirtual().unstarted(() -> run(process, mine)));
      }
    }
    threads.forEach(Thread::start);
    try {
      Patience.until(Duration.ofSeconds(60), condition);
    } finally {
      over = true;
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  /** The most attempts that were under way at once. */
  int mostAtOnce() {
    return most.get();
  }

  /** How many attempts the process made that made the fewest. */
  int least() {
    return served.stream().mapToInt(AtomicInteger::get).min().orElse(0);
  }

  /** When attempts began, in order. */
  List<Instant> begun() {
    return begun.stream().sorted().toList();
  }

  private void run(TrafficProcess process, AtomicInteger mine) {
    try {
      while (!over) {
        if (process.control.enter(endpoint) instanceof Admitted admitted) {
          most.accumulateAndGet(live.incrementAndGet(), Math::max);
          begun.add(Instant.now());
          LockSupport.parkNanos(work.toNanos());
          mine.incrementAndGet();
          live.decrementAndGet();
          admitted.left(new Result.Succeeded());
        } else {
          LockSupport.parkNanos(AFTER_A_REFUSAL.toNanos());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
