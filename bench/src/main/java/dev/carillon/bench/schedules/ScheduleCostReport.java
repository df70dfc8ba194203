package dev.carillon.bench.schedules;

import dev.carillon.bench.report.Spread;
import dev.carillon.bench.report.Table;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What planning, claiming and settling cost.
 *
 * @param server the server's version
 * @param many how many schedules the second column had
 * @param rounds what was timed
 */
public record ScheduleCostReport(String server, int many, List<Round> rounds) {

  private static final double P50 = 0.5;
  private static final double P99 = 0.99;

  /**
   * One round.
   *
   * @param small with few schedules
   * @param large with many
   */
  record Round(ScheduleCost.Times small, ScheduleCost.Times large) {

    double ratio(Function<ScheduleCost.Times, List<Double>> operation, double share) {
      return Spread.of(operation.apply(large)).percentile(share)
          / Spread.of(operation.apply(small)).percentile(share);
    }

    String summary() {
      return "ratio of p99: planner %.2f, claim %.2f, settle %.2f"
          .formatted(
              ratio(ScheduleCost.Times::plans, P99),
              ratio(ScheduleCost.Times::claims, P99),
              ratio(ScheduleCost.Times::settlements, P99));
    }
  }

  /** The table with its heading. */
  public String text() {
    String few = "%,d".formatted(ScheduleCost.FEW);
    String more = "%,d".formatted(many);
    List<String> headers =
        List.of(
            "%d a second".formatted(ScheduleCost.FIRING),
            "p50 ms, " + few,
            "p50 ms, " + more,
            "ratio (per round)",
            "p99 ms, " + few,
            "p99 ms, " + more,
            "ratio (per round)");
    List<List<String>> rows =
        List.of(
            row("planner round", ScheduleCost.Times::plans),
            row("claim", ScheduleCost.Times::claims),
            row("settle", ScheduleCost.Times::settlements));
    return """
    Latency over JDBC on PostgreSQL %s, durable, with few and with many active schedules, of which equally
    many fire in every second; the two databases in turn, %,d samples in each of %d round(s). Milliseconds are
    of all rounds together, ratios the median of the rounds'.

    %s\
    """
        .formatted(
            server,
            rounds.getFirst().small().claims().size(),
            rounds.size(),
            new Table(headers, rows).text());
  }

  private List<String> row(String name, Function<ScheduleCost.Times, List<Double>> operation) {
    Spread few = all(round -> operation.apply(round.small()));
    Spread more = all(round -> operation.apply(round.large()));
    return List.of(
        name,
        "%.2f".formatted(few.percentile(P50)),
        "%.2f".formatted(more.percentile(P50)),
        ratios(operation, P50),
        "%.2f".formatted(few.percentile(P99)),
        "%.2f".formatted(more.percentile(P99)),
        ratios(operation, P99));
  }

  private Spread all(Function<Round, List<Double>> times) {
    return Spread.of(rounds.stream().flatMap(round -> times.apply(round).stream()).toList());
  }

  private String ratios(Function<ScheduleCost.Times, List<Double>> operation, double share) {
    List<Double> ratios = rounds.stream().map(round -> round.ratio(operation, share)).toList();
    String each = ratios.stream().map("%.2f"::formatted).collect(Collectors.joining(" "));
    return "%.2f (%s)".formatted(Spread.of(ratios).median(), each);
  }
}
