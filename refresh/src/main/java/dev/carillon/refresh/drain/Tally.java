package dev.carillon.refresh.drain;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What a drain has done so far. Safe for use by many threads. */
final class Tally {

  final LongAdder calls = new LongAdder();
  final LongAdder changed = new LongAdder();
  final LongAdder unchanged = new LongAdder();
  final LongAdder missing = new LongAdder();
  final LongAdder dropped = new LongAdder();
  final LongAdder givenBack = new LongAdder();
  final LongAdder pausedNanos = new LongAdder();

  private final Map<FailureKind, LongAdder> failed = new EnumMap<>(FailureKind.class);

  Tally() {
    for (FailureKind kind : FailureKind.values()) {
      failed.put(kind, new LongAdder());
    }
  }

  void failed(FailureKind kind) {
    failed.computeIfPresent(
        kind,
        (_, count) -> {
          count.increment();
          return count;
        });
  }

  /** How many of each kind; without those of which there was none. */
  Map<FailureKind, Long> failed() {
    Map<FailureKind, Long> counts = new EnumMap<>(FailureKind.class);
    failed.forEach((kind, count) -> {
      if (count.sum() > 0) {
        counts.put(kind, count.sum());
      }
    });
    return counts;
  }

  /** The requests that failed for good. */
  long failures() {
    Map<FailureKind, Long> counts = failed();
    return counts.getOrDefault(FailureKind.CALL, 0L) + counts.getOrDefault(FailureKind.STORING, 0L);
  }

  /** The requests that are done. */
  long processed() {
    return changed.sum() + unchanged.sum() + missing.sum() + failures();
  }
}
