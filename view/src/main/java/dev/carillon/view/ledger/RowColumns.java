package dev.carillon.view.ledger;

import dev.carillon.view.capture.Facts;
import dev.carillon.view.definition.Measure;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;

/**
 * The columns of a part's rows. Their names tell what is counted: of the second measure {@code s2}
 * is what is added or {@code c2} what is counted, and {@code f2} which rows take part; without
 * {@code s2} and {@code c2}, rows are counted.
 *
 * @param names of all columns
 * @param measures how many measures there are
 */
record RowColumns(Set<String> names, int measures) {

  RowColumns {
    names = Set.copyOf(names);
  }

  static RowColumns of(Handle handle, PartNames names) {
    return new RowColumns(
        Set.copyOf(Facts.columnNames(handle, names.rowsView())), names.measures());
  }

  static String argument(Measure.Kind kind, int number) {
    return switch (kind) {
      case SUM -> "s" + number;
      case COUNT -> "c" + number;
    };
  }

  static String filter(int number) {
    return "f" + number;
  }

  /** What rows add up to, and what those that came do, less those that went. */
  Map<String, String> texts() {
    return Map.of(
        "aggregates", each(number -> measure(number).sql()), "net_aggregates", each(this::net));
  }

  private String net(int number) {
    Measure measure = measure(number);
    String filter = measure.filter().isEmpty() ? "true" : measure.filter();
    if (measure.argument().equals("*")) {
      return "coalesce(sum(sign) FILTER (WHERE %s), 0)".formatted(filter);
    }
    // Arguments are not multiplied by the sign: the smallest integer has no opposite.
    return new Measure(measure.kind(), measure.argument(), "sign > 0 AND " + filter).sql()
        + " - "
        + new Measure(measure.kind(), measure.argument(), "sign < 0 AND " + filter).sql();
  }

  private Measure measure(int number) {
    String filter = names.contains(filter(number)) ? filter(number) : "";
    for (Measure.Kind kind : Measure.Kind.values()) {
      if (names.contains(argument(kind, number))) {
        return new Measure(kind, argument(kind, number), filter);
      }
    }
    return new Measure(Measure.Kind.COUNT, "*", filter);
  }

  private String each(IntFunction<String> form) {
    return IntStream.rangeClosed(1, measures)
        .mapToObj(number -> "%s AS m%d, ".formatted(form.apply(number), number))
        .collect(Collectors.joining());
  }
}
