package dev.carillon.schedule.running;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.schedule.Definitions;
import dev.carillon.schedule.FiringKind;
import dev.carillon.target.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A target that remembers what it was asked to do. */
final class TestTarget implements ScheduleTarget {

  /** What is done for a run. */
  interface Work {
    Outcome of(Run run) throws Exception;
  }

  /** A run that began. */
  record Begun(String schedule, Instant nominal, FiringKind kind, int attempt) {}

  private final String kind;
  private final List<Begun> begun = new CopyOnWriteArrayList<>();
  private volatile Work work = _ -> new Outcome.Succeeded();
  private volatile Duration timeLimit = TIME_LIMIT;

  TestTarget(String kind) {
    this.kind = kind;
  }

  TestTarget() {
    this(Definitions.KIND);
  }

  void mayTake(Duration limit) {
    timeLimit = limit;
  }

  void does(Work other) {
    work = other;
  }

  List<Begun> begun() {
    return List.copyOf(begun);
  }

  List<Instant> nominal() {
    return begun.stream().map(Begun::nominal).toList();
  }

  @Override
  public String kind() {
    return kind;
  }

  @Override
  public Duration timeLimit() {
    return timeLimit;
  }

  @Override
  public Optional<String> problem(JsonNode settings) {
    return Optional.empty();
  }

  @Override
  public Outcome run(Run run) throws Exception {
    begun.add(
        new Begun(
            run.schedule().definition().name(),
            run.order().nominalAt(),
            run.order().kind(),
            run.attempt().number()));
    return work.of(run);
  }
}
