package dev.carillon.bench.views;

import dev.carillon.bench.report.Spread;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Figures as cells of a table. */
final class Cells {

  private static final double FEW = 100;

  private Cells() {}

  /** The median, and the least and the greatest. */
  static <T> String range(List<T> rounds, ToDoubleFunction<T> figure) {
    Spread spread = spread(rounds, figure);
    return "%s (%s-%s)"
        .formatted(number(spread.median()), number(spread.min()), number(spread.max()));
  }

  static <T> String median(List<T> rounds, ToDoubleFunction<T> figure) {
    return number(middle(rounds, figure));
  }

  static <T> double middle(List<T> rounds, ToDoubleFunction<T> figure) {
    return spread(rounds, figure).median();
  }

  /** With a decimal where it is small. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "?";
    }
    return (Math.abs(value) < FEW ? "%,.1f" : "%,.0f").formatted(value);
  }

  private static <T> Spread spread(List<T> rounds, ToDoubleFunction<T> figure) {
    return Spread.of(rounds.stream().mapToDouble(figure).boxed().toList());
  }
}
