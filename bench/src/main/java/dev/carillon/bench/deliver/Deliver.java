package dev.carillon.bench.deliver;

import dev.carillon.bench.database.BenchServer;
import dev.carillon.webhook.endpoint.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Measures deliveries: every round does everything once, so that all meet the same weather. */
public final class Deliver {

  private static final List<Integer> BARE_THREADS = List.of(1, 16, 64);

  private final BenchServer server;
  private final Sizes sizes;
  private final List<Load> loads;
  private final Consumer<String> progress;

  /**
   * Deliveries from databases of a server.
   *
   * @param quick whether a smoke run is enough
   * @param only the names of the loads; none for all
   * @param progress hears what is going on
   * @throws IllegalArgumentException if there is no load of a name
   */
  public Deliver(BenchServer server, boolean quick, List<String> only, Consumer<String> progress) {
    this.server = server;
    this.sizes = quick ? Sizes.QUICK : Sizes.FULL;
    this.loads = named(sizes.loads(), only);
    this.progress = progress;
  }

  /** Runs all rounds. */
  public DeliverReport rounds(int rounds) throws InterruptedException {
    try (ReceiverProcess receiver = ReceiverProcess.start()) {
      Delivery delivery = new Delivery(server, receiver, progress);
      progress.accept("warm-up, which does not count");
      bare(receiver, 1);
      delivery.once(sizes.sustained(), 0);
      List<BareLoop.Result> bare = new ArrayList<>();
      List<Delivered> delivered = new ArrayList<>();
      for (int round = 1; round <= rounds; round++) {
        bare.addAll(bare(receiver, round));
        for (Load load : loads) {
          delivered.add(delivery.once(load, round));
        }
      }
      return new DeliverReport(server.version(), sizes, bare, delivered);
    }
  }

  private static List<Load> named(List<Load> all, List<String> only) {
    List<String> names = all.stream().map(Load::name).toList();
    if (!names.containsAll(only)) {
      throw new IllegalArgumentException("--only has names of %s, not %s".formatted(names, only));
    }
    return all.stream().filter(load -> only.isEmpty() || only.contains(load.name())).toList();
  }

  private List<BareLoop.Result> bare(ReceiverProcess receiver, int round)
      throws InterruptedException {
    List<BareLoop.Result> results = new ArrayList<>();
    for (int threads : BARE_THREADS) {
      results.add(bare(new BareLoop(receiver, Answers.AT_ONCE, threads), round));
    }
    results.add(bare(new BareLoop(receiver, Answers.LATE, Traffic.DEFAULT.concurrency()), round));
    return results;
  }

  private BareLoop.Result bare(BareLoop loop, int round) throws InterruptedException {
    BareLoop.Result result = loop.once(sizes.backlog(), round);
    progress.accept(
        "round %d  bare %-5d %,8.0f/s".formatted(round, loop.threads(), result.perSecond()));
    return result;
  }
}
