package dev.carillon.bench.refresh;

import dev.carillon.bench.database.BenchDatabase;
import dev.carillon.bench.report.Spread;
import dev.carillon.refresh.clash.ClashSource;
import dev.carillon.refresh.queue.RefreshQueue;
import dev.carillon.refresh.queue.RefreshQueue.Taken;
import dev.carillon.refresh.request.Priority;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Times each operation of a queue.
 *
 * @param store where the queue is
 * @param clock tells when requests are made
 * @param samples how often each operation is timed
 */
record Operations(Store store, InstantSource clock, int samples) {

  private static final int TAKEN_AT_ONCE = 10;
  private static final double NANOS_PER_MILLI = 1_000_000;

  /**
   * Times all operations, with clans that are not in the queue; they are when this ends.
   *
   * @param first the number of the first of them
   * @return in the order of a request's life
   */
  List<Cost> measure(int first) {
    RefreshQueue queue = store.queue();
    Instant now = clock.instant();
    int batches = first + samples;
    int batch = RefreshQueue.MAX_BATCH;
    List<Cost> costs = new ArrayList<>();
    costs.add(
        cost("add a new one", i -> queue.add(Clans.requests(first + i, 1, Priority.MEDIUM, now))));
    costs.add(
        cost(
            "add one that waits",
            i -> queue.add(Clans.requests(first + i, 1, Priority.MEDIUM, now.plusMillis(1)))));
    costs.add(
        cost(
            "raise one that waits",
            i -> queue.add(Clans.requests(first + i, 1, Priority.HIGH, now.plusMillis(2)))));
    int few = Math.max(1, samples / 20);
    costs.add(
        cost(
            "add 1,000 new ones",
            few,
            i -> queue.add(Clans.requests(batches + i * batch, batch, Priority.LOW, now))));
    costs.add(
        cost(
            "add 1,000 that wait",
            few,
            i -> queue.add(Clans.requests(batches + i * batch, batch, Priority.LOW, now))));
    Queue<List<Taken>> taken = new ArrayDeque<>();
    costs.add(cost("take 10", _ -> taken.add(queue.take(ClashSource.NAME, TAKEN_AT_ONCE, now))));
    costs.add(cost("done with 10", _ -> queue.done(taken.remove())));
    costs.add(cost("state", few, _ -> queue.state(ClashSource.NAME, now)));
    return costs;
  }

  /** The number after those of the clans that a measurement uses. */
  int after(int first) {
    return first + samples + Math.max(1, samples / 20) * RefreshQueue.MAX_BATCH;
  }

  private Cost cost(String name, IntConsumer operation) {
    return cost(name, samples, operation);
  }

  private Cost cost(String name, int times, IntConsumer operation) {
    @Nullable BenchDatabase counted = store.counted();
    Cost.@Nullable Server before = counted == null ? null : Cost.Server.of(counted);
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      long start = System.nanoTime();
      operation.accept(i);
      millis.add((System.nanoTime() - start) / NANOS_PER_MILLI);
    }
    Cost.@Nullable Server cost =
        counted == null || before == null ? null : Cost.Server.of(counted).since(before, times);
    return new Cost(name, Spread.of(millis), cost);
  }
}
