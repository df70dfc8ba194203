package dev.carillon.bench.refresh;

import dev.carillon.bench.report.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the queues of refresh requests came to.
 *
 * @param sizes how much of everything
 * @param stores each store's figures
 */
public record RefreshReport(RefreshLoad.Sizes sizes, List<Measured> stores) {

  private static final double P50 = 0.5;
  private static final double P99 = 0.99;

  public RefreshReport {
    stores = List.copyOf(stores);
  }

  /**
   * The figures of a store.
   *
   * @param store its name
   * @param rates how fast it adds and takes
   * @param none what operations cost when few requests wait
   * @param many what they cost when many do
   * @param need what a drain needed while many waited
   */
  record Measured(
      String store,
      List<Throughput.Rate> rates,
      List<Cost> none,
      List<Cost> many,
      Draining.Need need) {
    Measured {
      rates = List.copyOf(rates);
      none = List.copyOf(none);
      many = List.copyOf(many);
    }
  }

  /** The report as people read it. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (Measured one : stores) {
      text.append(one.store()).append("\n\n");
      text.append(rates(one)).append('\n');
      text.append(costs(one)).append('\n');
      text.append(drain(one.need())).append('\n');
    }
    return text.toString();
  }

  private static String rates(Measured one) {
    return new Table(
            List.of("as fast as it goes", "requests", "seconds", "requests/s"),
            one.rates().stream()
                .map(rate ->
                    List.of(
                        rate.what(),
                        "%,d".formatted(rate.requests()),
                        "%.1f".formatted(rate.seconds()),
                        "%,.0f".formatted(rate.perSecond())))
                .toList())
        .text();
  }

  private String costs(Measured one) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < one.none().size(); i++) {
      Cost few = one.none().get(i);
      Cost more = one.many().get(i);
      rows.add(
          List.of(
              few.operation(),
              pair(few.millis().percentile(P50), more.millis().percentile(P50)),
              pair(few.millis().percentile(P99), more.millis().percentile(P99)),
              pair(server(few, Cost.Server::millis), server(more, Cost.Server::millis)),
              whole(server(few, Cost.Server::rows), server(more, Cost.Server::rows)),
              whole(server(few, Cost.Server::walBytes), server(more, Cost.Server::walBytes))));
    }
    return "Each operation with few and with %,d that wait:%n%n".formatted(sizes.many())
        + new Table(
                List.of("operation", "p50 ms", "p99 ms", "server ms", "rows", "WAL bytes"), rows)
            .text();
  }

  private static String drain(Draining.Need need) {
    return """
    A drain while they wait: %,d calls, %.2f a second, %.2f ms of processor time each (the call, its JSON and
    the tables' client included); heap after a collection %.1f MiB before and %.1f MiB after.
    The API saw: %s
    """
        .formatted(
            need.calls(),
            need.callsPerSecond(),
            need.cpuMillis(),
            need.heapBefore(),
            need.heapAfter(),
            need.seen());
  }

  private interface Figure {
    double of(Cost.Server server);
  }

  private static @Nullable Double server(Cost cost, Figure figure) {
    Cost.@Nullable Server server = cost.server();
    return server == null ? null : figure.of(server);
  }

  private static String pair(@Nullable Double few, @Nullable Double many) {
    return few == null || many == null ? "" : "%.2f / %.2f".formatted(few, many);
  }

  private static String whole(@Nullable Double few, @Nullable Double many) {
    return few == null || many == null ? "" : "%,.0f / %,.0f".formatted(few, many);
  }
}
