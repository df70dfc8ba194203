package dev.carillon.server.performing;

import dev.carillon.engine.EngineListener;
import dev.carillon.target.Attempt;
import dev.carillon.target.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;

/** Counts what the engine does, for {@code /metrics}. Safe for use by many threads. */
final class EngineMetrics implements EngineListener {

  private static final String TYPE = "type";
  private static final String LATE = "carillon.events.late";

  private final MeterRegistry registry;
  private final Timer exchanges;
  private final Counter claimed;
  private final Counter settled;
  private final Counter fenced;
  private final Counter recovered;
  private final Counter leasesLost;

  /** Counts in a registry; what is late is counted from zero for each type. */
  EngineMetrics(MeterRegistry registry, List<String> types) {
    this.registry = registry;
    types.forEach(type -> registry.counter(LATE, TYPE, type));
    this.exchanges = registry.timer("carillon.exchange");
    this.claimed = registry.counter("carillon.events.claimed");
    this.settled = registry.counter("carillon.events.settled");
    this.fenced = registry.counter("carillon.events.fenced");
    this.recovered = registry.counter("carillon.events.recovered");
    this.leasesLost = registry.counter("carillon.leases.lost");
  }

  @Override
  public void attempted(Attempt attempt, Outcome outcome, Duration took) {
    String type = attempt.event().type();
    registry.timer("carillon.attempt", TYPE, type, "outcome", name(outcome)).record(took);
    if (outcome instanceof Outcome.Succeeded) {
      DistributionSummary.builder("carillon.event.lateness")
          .baseUnit("seconds")
          .tag(TYPE, type)
          .publishPercentiles(0.5, 0.99)
          .register(registry)
          .record(attempt.lateness().toMillis() / 1e3);
      if (attempt.isLate()) {
        registry.counter(LATE, TYPE, type).increment();
      }
    }
  }

  @Override
  public void exchanged(int settledNow, int claimedNow, Duration took) {
    exchanges.record(took);
    claimed.increment(claimedNow);
    settled.increment(settledNow);
  }

  @Override
  public void fenced(int events) {
    fenced.increment(events);
  }

  @Override
  public void recovered(int events) {
    recovered.increment(events);
  }

  @Override
  public void leaseLost() {
    leasesLost.increment();
  }

  private static String name(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Succeeded _ -> "succeeded";
      case Outcome.Retryable _ -> "retryable";
      case Outcome.Rejected _ -> "rejected";
      case Outcome.Postponed _ -> "postponed";
      case Outcome.Held _ -> "held";
      case Outcome.Skipped _ -> "skipped";
    };
  }
}
