package dev.carillon.bench.refresh;

import dev.carillon.bench.database.BenchDatabase;
import dev.carillon.bench.report.Spread;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one operation of a queue costs.
 *
 * @param operation its name
 * @param millis how long each took
 * @param server what each cost the server on average; null where nothing is counted
 */
record Cost(String operation, Spread millis, @Nullable Server server) {

  /** More statements than a queue has. */
  private static final int ALL = 1_000;

  /**
   * What the statements of an operation cost on average.
   *
   * @param millis of executing them
   * @param rows that they returned or changed
   * @param walBytes that they wrote to the log
   */
  record Server(double millis, double rows, double walBytes) {

    static Server of(BenchDatabase database) {
      List<BenchDatabase.StatementCost> costs = database.costliest(ALL);
      return new Server(
          costs.stream().mapToDouble(BenchDatabase.StatementCost::executing).sum(),
          costs.stream().mapToLong(BenchDatabase.StatementCost::rows).sum(),
          costs.stream().mapToLong(BenchDatabase.StatementCost::walBytes).sum());
    }

    Server since(Server before, int operations) {
      return new Server(
          (millis - before.millis) / operations,
          (rows - before.rows) / operations,
          (walBytes - before.walBytes) / operations);
    }
  }
}
