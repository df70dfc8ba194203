package dev.carillon.bench.firings;

import dev.carillon.bench.schedules.BenchSchedules;
import java.time.Duration;
import java.util.List;

/**
 * Schedules that fire equally often a second.
 *
 * @param name of the load
 * @param schedules that fire
 */
record FiringLoad(String name, BenchSchedules schedules) {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** At once is the worst there is: all firings of a second at its beginning. */
  static final List<FiringLoad> ALL =
      List.of(
          new FiringLoad("each-second", new BenchSchedules(1_000, SECOND, SECOND)),
          new FiringLoad("each-minute", new BenchSchedules(60_000, MINUTE, MINUTE)),
          new FiringLoad("at-once", new BenchSchedules(1_000, SECOND, Duration.ZERO)));

  /**
   * Those of these names, or all.
   *
   * @throws IllegalArgumentException if there is none of a name
   */
  static List<FiringLoad> named(List<String> only) {
    List<String> names = ALL.stream().map(FiringLoad::name).toList();
    if (!names.containsAll(only)) {
      throw new IllegalArgumentException("--only has names of %s, not %s".formatted(names, only));
    }
    return ALL.stream().filter(load -> only.isEmpty() || only.contains(load.name())).toList();
  }

  /** How many firings there are in a time, which is whole periods. */
  int firings(Duration time) {
    return Math.toIntExact(schedules.count() * time.dividedBy(schedules.period()));
  }
}
