package dev.carillon.view.ledger;

import dev.carillon.view.definition.Measure;
import dev.carillon.view.definition.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The texts of a part's own query, as the templates need them. */
final class PartTexts {

  private PartTexts() {}

  static Map<String, String> of(Part part) {
    return Map.of(
        "source",
        part.source() + " AS " + part.alias(),
        "where",
        part.where().isEmpty() ? "true" : "(" + part.where() + ")",
        "row",
        row(part),
        "measure_types",
        measureTypes(part));
  }

  /** What a part is: two of the same text are the same. */
  static String definition(Part part) {
    return "SELECT %s FROM %s AS %s WHERE %s"
        .formatted(row(part), part.source(), part.alias(), part.where());
  }

  /** What one row adds to: its keys, the arguments of the measures, and whether each counts. */
  private static String row(Part part) {
    List<String> columns = new ArrayList<>(keys(part));
    for (int i = 0; i < part.measures().size(); i++) {
      Measure measure = part.measures().get(i);
      if (!measure.argument().equals("*")) {
        columns.add(measure.argument() + " AS " + RowColumns.argument(measure.kind(), i + 1));
      }
      if (!measure.filter().isEmpty()) {
        columns.add(measure.filter() + " AS " + RowColumns.filter(i + 1));
      }
    }
    return String.join(", ", columns);
  }

  private static List<String> keys(Part part) {
    List<String> expressions = part.keys().isEmpty() ? List.of("CAST(0 AS smallint)") : part.keys();
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < expressions.size(); i++) {
      keys.add("%s AS k%d".formatted(expressions.get(i), i + 1));
    }
    return keys;
  }

  /** The sums alone, so that the database says of what type they are. */
  private static String measureTypes(Part part) {
    return part.measures().stream()
        .map(measure ->
            switch (measure.kind()) {
              case COUNT -> "count(" + measure.argument() + ")";
              case SUM -> "sum(" + measure.argument() + ")";
            })
        .collect(Collectors.joining(", "));
  }

  /** All that must depend on the row alone. */
  static List<String> expressions(Part part) {
    List<String> expressions = new ArrayList<>(part.keys());
    for (Measure measure : part.measures()) {
      if (!measure.argument().equals("*")) {
        expressions.add(measure.argument());
      }
      if (!measure.filter().isEmpty()) {
        expressions.add(measure.filter());
      }
    }
    if (!part.where().isEmpty()) {
      expressions.add(part.where());
    }
    return expressions;
  }
}
