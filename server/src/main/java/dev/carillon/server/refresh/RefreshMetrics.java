package dev.carillon.server.refresh;

import static java.util.Objects.requireNonNull;

import dev.carillon.refresh.drain.DrainAlarm;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What {@code /metrics} says of refreshing, also while nothing is drained. */
record RefreshMetrics(Drains drains, RefreshUpkeep upkeep) {

  private static final String PREFIX = "carillon.refresh.";

  RefreshMetrics {
    requireNonNull(drains, "drains is null");
    requireNonNull(upkeep, "upkeep is null");
  }

  void register(MeterRegistry registry) {
    FunctionCounter.builder(PREFIX + "processed_requests", drains, Drains::processed)
        .description("requests done by this process; those that failed too")
        .register(registry);
    FunctionCounter.builder(PREFIX + "failed_requests", drains, Drains::failed)
        .description("requests of this process that failed for good")
        .register(registry);
    Gauge.builder(PREFIX + "queue_size", upkeep, RefreshUpkeep::size)
        .description("requests that wait, for all processes together")
        .register(registry);
    Gauge.builder(PREFIX + "inbox_size", upkeep, RefreshUpkeep::inboxSize)
        .description("items that others left and no drain has queued yet; NaN without an inbox")
        .register(registry);
    Gauge.builder(PREFIX + "api_requests_per_second", drains, Drains::callsPerSecond)
        .description("calls to the source by this process in the last second")
        .register(registry);
    for (DrainAlarm alarm : DrainAlarm.values()) {
      Gauge.builder(PREFIX + "alarm", upkeep, now -> now.alarms().contains(alarm) ? 1 : 0)
          .tag("alarm", RefreshWatch.word(alarm))
          .description("1 while the alarm is raised")
          .register(registry);
    }
  }
}
