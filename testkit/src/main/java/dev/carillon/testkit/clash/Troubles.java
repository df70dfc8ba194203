package dev.carillon.testkit.clash;

import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/** Troubles that come by chance, from a seed: the same calls in the same order have the same. */
final class Troubles implements Function<String, Trouble> {

  private final Random random;
  private final Map<Trouble, Double> rates;

  /**
   * Troubles of some rates.
   *
   * @param rates which part of the calls has each, from 0 to 1, together at most 1
   */
  Troubles(long seed, Map<Trouble, Double> rates) {
    this.random = new Random(seed);
    this.rates = new EnumMap<>(Trouble.class);
    this.rates.putAll(rates);
    double sum = rates.values().stream().mapToDouble(Double::doubleValue).sum();
    if (sum > 1 || rates.values().stream().anyMatch(rate -> !(rate >= 0))) {
      throw new IllegalArgumentException("rates must be from 0 to 1 and at most 1 together");
    }
  }

  @Override
  public synchronized Trouble apply(String path) {
    double drawn = random.nextDouble();
    for (Map.Entry<Trouble, Double> rate : rates.entrySet()) {
      drawn -= rate.getValue();
      if (drawn < 0) {
        return rate.getKey();
      }
    }
    return Trouble.NONE;
  }
}
