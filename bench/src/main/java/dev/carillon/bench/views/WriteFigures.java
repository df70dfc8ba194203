package dev.carillon.bench.views;

import dev.carillon.bench.database.Meter;
import dev.carillon.bench.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How much clients got done.
 *
 * @param clients that wrote at once
 * @param objects of the job they wrote to
 * @param cells each way to write
 * @param mismatches rows that were wrong in the end
 * @param load of the machine at the end
 */
public record WriteFigures(int clients, int objects, List<Cell> cells, long mismatches, double load)
    implements Section {

  private static final double MILLIS_PER_SECOND = 1e3;
  private static final double MICROS_PER_MILLI = 1e3;
  private static final List<String> HEADERS =
      List.of(
          "writers' database",
          "changes/s",
          "of no view's %",
          "server CPU us/change",
          "WAL bytes/change");

  /**
   * What was done in some time.
   *
   * @param changes how many objects were changed
   * @param spent what that cost
   */
  public record Trial(long changes, Meter.Spent spent) {

    double perSecond() {
      return changes / spent.millis() * MILLIS_PER_SECOND;
    }
  }

  /** A trial, as a share of the one of the same round where there is no view. */
  private record Pair(Trial trial, Trial plain) {

    double percent() {
      return 100 * trial.perSecond() / plain.perSecond();
    }
  }

  /**
   * A way to write.
   *
   * @param way its title
   * @param trials of each kind of database, in all rounds
   */
  public record Cell(String way, Map<Writing.Kind, List<Trial>> trials) {

    public Cell {
      trials = Map.copyOf(trials);
    }

    private List<Trial> of(Writing.Kind kind) {
      return trials.getOrDefault(kind, List.of());
    }

    private List<Pair> pairs(Writing.Kind kind) {
      List<Pair> pairs = new ArrayList<>();
      for (int round = 0; round < of(kind).size(); round++) {
        pairs.add(new Pair(of(kind).get(round), of(Writing.Kind.PLAIN).get(round)));
      }
      return pairs;
    }

    private List<String> row(Writing.Kind kind) {
      return List.of(
          kind.title(),
          Cells.range(of(kind), Trial::perSecond),
          Cells.range(pairs(kind), Pair::percent),
          Cells.range(of(kind), one -> one.spent().cpuMillis() * MICROS_PER_MILLI / one.changes()),
          Cells.median(of(kind), one -> one.spent().walBytes() / one.changes()));
    }

    private String text() {
      List<List<String>> rows = new ArrayList<>();
      for (Writing.Kind kind : Writing.Kind.values()) {
        if (!of(kind).isEmpty()) {
          rows.add(row(kind));
        }
      }
      return way + "\n\n" + new Table(HEADERS, rows).text();
    }
  }

  public WriteFigures {
    cells = List.copyOf(cells);
  }

  @Override
  public String text() {
    StringBuilder text =
        new StringBuilder(
            "%d clients write to one job of %,d objects (asked: >= 90 %% with the ledger); machine's load %.1f; rows that were wrong: %,d%n"
                .formatted(clients, objects, load, mismatches));
    cells.forEach(cell -> text.append('\n').append(cell.text()));
    return text.toString();
  }

  @Override
  public boolean isCorrect() {
    return mismatches == 0;
  }
}
