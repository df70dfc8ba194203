package dev.carillon.bench.views;

import dev.carillon.bench.report.Spread;
import dev.carillon.bench.report.Table;
import java.util.List;

/**
 * How long reads of one job took.
 *
 * @param title of what
 * @param rows each kind of read
 */
public record ReadFigures(String title, List<Row> rows) implements Section {

  private static final double P50 = 0.5;
  private static final double P99 = 0.99;

  /**
   * A kind of read.
   *
   * @param objects in the database
   * @param what was read
   * @param micros how long each took
   */
  public record Row(long objects, String what, Spread micros) {}

  public ReadFigures {
    rows = List.copyOf(rows);
  }

  @Override
  public String text() {
    List<List<String>> cells =
        rows.stream()
            .map(row ->
                List.of(
                    row.what(),
                    "%,d".formatted(row.objects()),
                    "%,.0f".formatted(row.micros().percentile(P50)),
                    "%,.0f".formatted(row.micros().percentile(P99)),
                    "%,.0f".formatted(row.micros().max())))
            .toList();
    return title
        + "\n\n"
        + new Table(List.of("read of one job", "objects", "p50 us", "p99 us", "max us"), cells)
            .text();
  }

  @Override
  public boolean isCorrect() {
    return true;
  }
}
