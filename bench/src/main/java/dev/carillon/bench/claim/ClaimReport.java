package dev.carillon.bench.claim;

import dev.carillon.bench.report.Spread;
import dev.carillon.bench.report.Table;
import java.util.List;

/**
 * What claims and settlements cost.
 *
 * @param server the server's version
 * @param far how many later events the second column had
 * @param rows what was timed
 */
public record ClaimReport(String server, int far, List<Row> rows) {

  private static final double P50 = 0.5;
  private static final double P99 = 0.99;

  /**
   * One operation, timed in milliseconds.
   *
   * @param operation what
   * @param none with no later events
   * @param many with many
   */
  public record Row(String operation, List<Double> none, List<Double> many) {}

  /** The table with its heading. */
  public String text() {
    List<String> headers =
        List.of(
            "batch of " + ClaimLatency.BATCH,
            "p50 ms, 0 later",
            "p50 ms, %,d later".formatted(far),
            "ratio",
            "p99 ms, 0 later",
            "p99 ms, %,d later".formatted(far),
            "ratio");
    return """
    Latency of one transaction over JDBC on PostgreSQL %s, durable, the two databases in turn.

    %s\
    """
        .formatted(
            server, new Table(headers, rows.stream().map(ClaimReport::cells).toList()).text());
  }

  private static List<String> cells(Row row) {
    Spread none = Spread.of(row.none());
    Spread many = Spread.of(row.many());
    return List.of(
        row.operation(),
        "%.2f".formatted(none.percentile(P50)),
        "%.2f".formatted(many.percentile(P50)),
        "%.2f".formatted(many.percentile(P50) / none.percentile(P50)),
        "%.2f".formatted(none.percentile(P99)),
        "%.2f".formatted(many.percentile(P99)),
        "%.2f".formatted(many.percentile(P99) / none.percentile(P99)));
  }
}
