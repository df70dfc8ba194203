package dev.carillon.schedule.running;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.target.Outcome;
import java.time.Duration;
import java.util.Optional;

/** What schedules of one kind do. Implementations are safe for use by many threads. */
public interface ScheduleTarget {

  /** How long an attempt may take of a kind that does not say. */
  Duration TIME_LIMIT = Duration.ofSeconds(60);

  /** The kind, as schedules name it. */
  String kind();

  /** How long an attempt may take before its thread is interrupted. */
  default Duration timeLimit() {
    return TIME_LIMIT;
  }

  /** What is wrong with a schedule's settings, naming the field; empty if nothing is. */
  Optional<String> problem(JsonNode settings);

  /**
   * Makes an attempt; blocks until it ended. The same run may come again, with the same id, when a
   * process dies between performing and settling it.
   *
   * @throws Exception if the attempt failed in an unforeseen way: it counts as retryable
   */
  Outcome run(Run run) throws Exception;
}
