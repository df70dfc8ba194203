package dev.carillon.server.demo.view;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How long things took. Safe for use by many threads. */
final class Latencies {

  private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final double MEDIAN = 0.5;
  private static final double HIGH = 0.99;

  private final List<Long> nanos = new ArrayList<>();

  synchronized void add(long took) {
    nanos.add(took);
  }

  /** As many as were added, and how long in milliseconds: half of them, 99 of 100, the longest. */
  record Summary(int count, double median, double high, double longest) {}

  synchronized Summary summary() {
    if (nanos.isEmpty()) {
      return new Summary(0, 0, 0, 0);
    }
    List<Long> sorted = new ArrayList<>(nanos);
    Collections.sort(sorted);
    return new Summary(
        sorted.size(), at(sorted, MEDIAN), at(sorted, HIGH), sorted.getLast() / NANOS_PER_MILLI);
  }

  private static double at(List<Long> sorted, double part) {
    int index = (int) Math.ceil(part * sorted.size()) - 1;
    return sorted.get(Math.clamp(index, 0, sorted.size() - 1)) / NANOS_PER_MILLI;
  }
}
