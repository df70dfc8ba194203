package dev.carillon.server.performing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.schedule.running.Inputs;
import dev.carillon.schedule.running.ScheduleTarget;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What schedules may do in this process.
 *
 * @param all each of another kind
 * @param inputs fills the templates of what they are handed
 * @param templates says what is wrong with a template; empty if nothing is
 */
public record ScheduleTargets(
    List<ScheduleTarget> all, Inputs inputs, Function<String, Optional<String>> templates) {

  public ScheduleTargets {
    all = List.copyOf(all);
  }

  /** What is wrong with a target; empty if nothing is. */
  public Optional<String> problem(String kind, ObjectNode settings) {
    return all.stream()
        .filter(target -> target.kind().equals(kind))
        .findFirst()
        .map(target -> target.problem(settings))
        .orElseGet(() -> Optional.of("must have a kind, which is one of " + kinds()));
  }

  /** What is wrong with a template; empty if nothing is. */
  public Optional<String> inputProblem(String template) {
    return templates.apply(template);
  }

  private String kinds() {
    return all.stream().map(ScheduleTarget::kind).sorted().collect(Collectors.joining(", "));
  }
}
