package dev.carillon.bench.report;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rows of cells as aligned text: the first column to the left, the others to the right.
 *
 * @param headers the first line
 * @param rows each as long as {@code headers}
 */
public record Table(List<String> headers, List<List<String>> rows) {

  private static final String GAP = "  ";

  public Table {
    headers = List.copyOf(headers);
    rows = List.copyOf(rows);
  }

  /** The lines, each ended by a line feed. */
  public String text() {
    StringBuilder text = new StringBuilder(line(headers)).append(rule());
    rows.forEach(row -> text.append(line(row)));
    return text.toString();
  }

  private String line(List<String> row) {
    return IntStream.range(0, headers.size())
            .mapToObj(i -> cell(row.get(i), i))
            .collect(Collectors.joining(GAP))
            .stripTrailing()
        + "\n";
  }

  private String rule() {
    return IntStream.range(0, headers.size())
            .mapToObj(i -> "-".repeat(width(i)))
            .collect(Collectors.joining(GAP))
        + "\n";
  }

  private String cell(String text, int column) {
    String blanks = " ".repeat(width(column) - text.length());
    return column == 0 ? text + blanks : blanks + text;
  }

  private int width(int column) {
    return Stream.concat(Stream.of(headers), rows.stream())
        .mapToInt(row -> row.get(column).length())
        .max()
        .orElse(0);
  }
}
