package dev.carillon.view.doctor;

import java.time.Duration;
import java.util.List;

/** All checks with the usual limits, the most urgent first. */
final class Checks {

  private static final long MB = 1L << 20;
  private static final long GB = 1L << 30;

  private Checks() {}

  static List<Check> usual() {
    return List.of(
        new TransactionAges(500_000_000, 1_500_000_000),
        new OldSnapshots(Duration.ofMinutes(5), 1_000_000, GB),
        new AutovacuumSettings(1_000_000, 0.05),
        new Bloat(10_000, 0.2),
        new StaleStatistics(10_000, 0.2),
        new InvalidIndexes(),
        new MaterializedViews(),
        new JobIndexes(),
        new ForeignKeys(10_000),
        new SequentialScans(100, 100_000),
        new UnusedIndexes(MB, Duration.ofDays(7)),
        new DuplicateIndexes(),
        new SlowStatements(10, Duration.ofMillis(500)),
        new JobSize());
  }
}
