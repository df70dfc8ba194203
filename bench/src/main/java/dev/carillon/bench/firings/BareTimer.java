package dev.carillon.bench.firings;

import dev.carillon.bench.report.Spread;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * How late a thread wakes that only sleeps: what no scheduler on this machine can be better than.
 */
final class BareTimer {

  private static final Duration SLEEP = Duration.ofMillis(2);
  private static final double NANOS_PER_MILLI = 1e6;

  private BareTimer() {}

  /** Sleeps again and again until an instant; tells how many milliseconds too long each time. */
  static Spread until(Instant end) throws InterruptedException {
    List<Double> late = new ArrayList<>();
    do {
      long start = System.nanoTime();
      Thread.sleep(SLEEP);
      late.add((System.nanoTime() - start - SLEEP.toNanos()) / NANOS_PER_MILLI);
    } while (InstantSource.system().instant().isBefore(end));
    return Spread.of(late);
  }
}
