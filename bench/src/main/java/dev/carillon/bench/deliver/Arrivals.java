package dev.carillon.bench.deliver;

import dev.carillon.bench.report.Spread;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What became of planned events at the receiver.
 *
 * @param planned the events
 * @param first when each first arrived
 * @param duplicates how many arrivals were not the first of their event
 */
record Arrivals(Planned planned, Map<UUID, Instant> first, int duplicates) {

  private static final double NANOS_PER_MILLI = 1e6;

  static Arrivals of(Planned planned, Collection<Arrival> all) {
    Map<UUID, Instant> first = new HashMap<>();
    all.forEach(arrival -> first.merge(arrival.event(), arrival.at(), Arrivals::earlier));
    return new Arrivals(planned, Map.copyOf(first), all.size() - first.size());
  }

  /** How many events did not arrive. */
  long lost() {
    return planned.due().keySet().stream().filter(id -> !first.containsKey(id)).count();
  }

  /** How long after its time each arrived, in milliseconds. */
  Spread lags() {
    List<Double> millis =
        first.entrySet().stream()
            .map(arrival -> lag(arrival.getKey(), arrival.getValue()).toNanos() / NANOS_PER_MILLI)
            .toList();
    return Spread.of(millis);
  }

  /** When the last event arrived. */
  Instant last() {
    return first.values().stream().max(Instant::compareTo).orElse(Instant.EPOCH);
  }

  /** When the last event arrived that was as late as this. */
  Instant lastAsLateAs(Duration lag, Instant otherwise) {
    return first.entrySet().stream()
        .filter(arrival -> lag(arrival.getKey(), arrival.getValue()).compareTo(lag) >= 0)
        .map(Map.Entry::getValue)
        .max(Instant::compareTo)
        .orElse(otherwise);
  }

  private Duration lag(UUID event, Instant at) {
    Instant due = planned.due().get(event);
    if (due == null) {
      throw new IllegalStateException("an event arrived that nobody planned: " + event);
    }
    return Duration.between(due, at);
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
