package dev.carillon.bench.refresh;

import dev.carillon.bench.database.BenchServer;
import dev.carillon.refresh.queue.RefreshQueue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Measures the queue of refresh requests in PostgreSQL and in Redis: with none and with many that
 * wait.
 *
 * @param server where the databases are
 * @param sizes how much of everything
 * @param progress hears what is going on
 */
public record RefreshLoad(BenchServer server, Sizes sizes, Consumer<String> progress) {

  private static final int WARM_UP = 20_000;

  /**
   * How much of everything.
   *
   * @param many how many requests wait in the end
   * @param singles how many of them are added one by one
   * @param samples how often each operation is timed
   * @param drain how long a drain runs
   */
  public record Sizes(int many, int singles, int samples, Duration drain) {
    public Sizes {
      if (many < 1 || singles < 1 || samples < 1 || many > Clans.MOST / 2) {
        throw new IllegalArgumentException(
            "all sizes are at least 1, and at most %,d requests wait".formatted(Clans.MOST / 2));
      }
    }
  }

  /** Measures both. */
  public RefreshReport run() throws InterruptedException {
    List<RefreshReport.Measured> measured = new ArrayList<>();
    try (Store postgres = Store.postgres(server)) {
      measured.add(measure(postgres));
    }
    try (Store redis = Store.redis(server)) {
      measured.add(measure(redis));
    }
    return new RefreshReport(sizes, measured);
  }

  private RefreshReport.Measured measure(Store store) throws InterruptedException {
    InstantSource clock = InstantSource.system();
    Throughput throughput = new Throughput(store, clock);
    Operations operations = new Operations(store, clock, sizes.samples());
    progress.accept(store.name() + ": warm-up");
    int next = 0;
    var _ = throughput.add(next, WARM_UP, 10, Throughput.THREADS);
    next += WARM_UP;
    var _ = operations.measure(next);
    next = operations.after(next);
    var _ = throughput.takeAndEnd(next, Throughput.THREADS);
    store.settle();
    progress.accept(store.name() + ": with none that wait");
    List<Cost> none = operations.measure(next);
    next = operations.after(next);
    progress.accept(store.name() + ": adding");
    List<Throughput.Rate> rates = new ArrayList<>();
    rates.add(throughput.add(next, sizes.singles(), 1, Throughput.THREADS));
    next += sizes.singles();
    int half = sizes.many() / 2;
    for (int threads : new int[] {1, Throughput.THREADS}) {
      rates.add(throughput.add(next, half, RefreshQueue.MAX_BATCH, threads));
      next += half;
    }
    store.settle();
    progress.accept(store.name() + ": with many that wait");
    List<Cost> many = operations.measure(next);
    progress.accept(store.name() + ": draining");
    Draining.Need need = new Draining(store, clock).run(sizes.drain());
    progress.accept(store.name() + ": taking");
    for (int threads : new int[] {1, Throughput.THREADS}) {
      rates.add(throughput.takeAndEnd(sizes.many() / 4, threads));
    }
    return new RefreshReport.Measured(store.name(), rates, none, many, need);
  }
}
