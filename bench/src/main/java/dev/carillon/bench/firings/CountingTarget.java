package dev.carillon.bench.firings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.bench.schedules.BenchSchedules;
import dev.carillon.schedule.running.Run;
import dev.carillon.schedule.running.ScheduleTarget;
import dev.carillon.target.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A target that only notes when it was called. */
final class CountingTarget implements ScheduleTarget {

  private final InstantSource clock;
  private final Queue<Began> began = new ConcurrentLinkedQueue<>();

  CountingTarget(InstantSource clock) {
    this.clock = clock;
  }

  /** What began of the nominal times from an instant on, for some time. */
  List<Began> began(Instant from, Duration time) {
    Instant to = from.plus(time);
    return began.stream()
        .filter(one -> !one.nominal().isBefore(from) && one.nominal().isBefore(to))
        .toList();
  }

  @Override
  public String kind() {
    return BenchSchedules.KIND;
  }

  @Override
  public Optional<String> problem(JsonNode settings) {
    return Optional.empty();
  }

  @Override
  public Outcome run(Run run) {
    Instant now = clock.instant();
    began.add(new Began(run.schedule().id(), run.order().nominalAt(), now));
    return new Outcome.Succeeded();
  }
}
