package dev.carillon.bench.report;

import java.util.List;

/**
 * Values in ascending order.
 *
 * @param sorted at least one
 */
public record Spread(List<Double> sorted) {

  private static final double HALF = 0.5;

  public Spread {
    if (sorted.isEmpty()) {
      throw new IllegalArgumentException("a spread needs at least one value");
    }
    sorted = List.copyOf(sorted);
  }

  /** Of values in any order. */
  public static Spread of(List<Double> values) {
    return new Spread(values.stream().sorted().toList());
  }

  /** The least. */
  public double min() {
    return sorted.getFirst();
  }

  /** The greatest. */
  public double max() {
    return sorted.getLast();
  }

  /** The middle one; of two, the mean. */
  public double median() {
    int size = sorted.size();
    return (sorted.get((size - 1) / 2) + sorted.get(size / 2)) * HALF;
  }

  /**
   * The value that a share of the values does not exceed: the nearest rank.
   *
   * @param share above 0, at most 1
   */
  public double percentile(double share) {
    int rank = (int) Math.ceil(share * sorted.size());
    return sorted.get(Math.clamp(rank - 1, 0, sorted.size() - 1));
  }
}
