package dev.carillon.bench.views;

import dev.carillon.bench.report.Spread;
import dev.carillon.bench.report.Table;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How long counting one job took.
 *
 * @param objects it has
 * @param rows each state of the table
 */
public record CountFigures(long objects, List<Row> rows) implements Section {

  // What costs: what is read, and how much of it.
  private static final Pattern COSTS =
      Pattern.compile("(Scan|Gather|Heap Fetches|JIT|Planning Time|Execution Time)");

  // The first line of them; those of the nodes below are in it.
  private static final String ALL_BUFFERS = "  Buffers:";

  /**
   * A state of the table.
   *
   * @param state of its pages
   * @param workers that may help at most
   * @param millis how long each count took
   * @param plan what the server did
   */
  public record Row(String state, int workers, Spread millis, List<String> plan) {
    public Row {
      plan = List.copyOf(plan);
    }
  }

  public CountFigures {
    rows = List.copyOf(rows);
  }

  @Override
  public String text() {
    List<List<String>> cells =
        rows.stream()
            .map(row ->
                List.of(
                    row.state(),
                    Integer.toString(row.workers()),
                    "%,.0f".formatted(row.millis().median()),
                    "%,.0f-%,.0f".formatted(row.millis().min(), row.millis().max())))
            .toList();
    return "Real-time count of a job with %,d objects (asked: <= 300 ms at 1 million)%n%n"
            .formatted(objects)
        + new Table(List.of("table", "workers", "ms", "range"), cells).text()
        + rows.stream().map(CountFigures::plan).collect(Collectors.joining());
  }

  @Override
  public boolean isCorrect() {
    return true;
  }

  private static String plan(Row row) {
    return row.plan().stream()
        .filter(line -> COSTS.matcher(line).find() || line.startsWith(ALL_BUFFERS))
        .collect(
            Collectors.joining(
                "\n", "\nPlan, %s, %d workers:%n".formatted(row.state(), row.workers()), "\n"));
  }
}
