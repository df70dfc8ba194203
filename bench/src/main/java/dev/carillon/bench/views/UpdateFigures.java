package dev.carillon.bench.views;

import dev.carillon.bench.database.Meter;
import dev.carillon.bench.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What bringing a view up to date cost.
 *
 * @param title of the measurement
 * @param objects in each database
 * @param cells each load
 * @param mismatches rows that were wrong in the end
 * @param load of the machine at the end
 */
public record UpdateFigures(
    String title, long objects, List<Cell> cells, long mismatches, double load) implements Section {

  private static final List<String> HEADERS =
      List.of(
          "kept by",
          "changes CPU ms",
          "of it capture",
          "update ms",
          "update CPU ms (range)",
          "update WAL",
          "capture WAL",
          "sum CPU ms",
          "REFRESH/update",
          "REFRESH/sum");

  /**
   * Changes and what followed.
   *
   * @param change what the changes cost, with what the triggers do
   * @param update what bringing the view up to date cost
   */
  public record Trial(Meter.Spent change, Meter.Spent update) {}

  /**
   * A load.
   *
   * @param load its title
   * @param changes how many
   * @param trials each way to keep the view, in all rounds
   */
  public record Cell(String load, int changes, Map<Form, List<Trial>> trials) {

    public Cell {
      trials = Map.copyOf(trials);
    }

    private List<Trial> of(Form form) {
      return trials.getOrDefault(form, List.of());
    }

    /** What the triggers cost: what changes cost more than where there are none. */
    private double capture(Form form) {
      return Cells.middle(of(form), trial -> trial.change().cpuMillis())
          - Cells.middle(of(Form.FILLED), trial -> trial.change().cpuMillis());
    }

    private double captureWal(Form form) {
      return Cells.middle(of(form), trial -> trial.change().walBytes())
          - Cells.middle(of(Form.FILLED), trial -> trial.change().walBytes());
    }

    private double update(Form form) {
      return Cells.middle(of(form), trial -> trial.update().cpuMillis());
    }

    private double sum(Form form) {
      return Math.max(0, capture(form)) + update(form);
    }

    private List<String> row(Form form) {
      List<Trial> rounds = of(form);
      return List.of(
          form.title(),
          Cells.range(rounds, trial -> trial.change().cpuMillis()),
          Cells.number(capture(form)),
          Cells.median(rounds, trial -> trial.update().millis()),
          Cells.range(rounds, trial -> trial.update().cpuMillis()),
          Cells.median(rounds, trial -> trial.update().walBytes()),
          Cells.number(captureWal(form)),
          Cells.number(sum(form)),
          Cells.number(update(Form.FILLED) / update(form)),
          Cells.number(update(Form.FILLED) / sum(form)));
    }

    private String winner() {
      return sum(Form.LEDGER) < update(Form.FILLED)
          ? "The ledger wins; REFRESH would from about %,.0f such changes on."
              .formatted(changes * update(Form.FILLED) / sum(Form.LEDGER))
          : "REFRESH wins.";
    }

    private String text() {
      List<List<String>> rows = new ArrayList<>();
      for (Form form : Form.values()) {
        if (!of(form).isEmpty()) {
          rows.add(row(form));
        }
      }
      return load + "\n\n" + new Table(HEADERS, rows).text() + winner() + "\n";
    }
  }

  public UpdateFigures {
    cells = List.copyOf(cells);
  }

  @Override
  public String text() {
    StringBuilder text =
        new StringBuilder(
            "%s, %,d objects; machine's load %.1f; rows that were wrong: %,d%n"
                .formatted(title, objects, load, mismatches));
    cells.forEach(cell -> text.append('\n').append(cell.text()));
    return text.toString();
  }

  @Override
  public boolean isCorrect() {
    return mismatches == 0;
  }
}
