package dev.carillon.view.optimisation;

import java.util.List;

/**
 * What a migration did.
 *
 * @param steps each optimisation, in the order it was come to
 * @param nextSteps what to do now, in words and commands
 */
public record Report(List<Step> steps, List<String> nextSteps) {

  public Report {
    steps = List.copyOf(steps);
    nextSteps = List.copyOf(nextSteps);
  }

  /** Whether every step was verified. */
  public boolean verified() {
    return steps.stream().allMatch(Step::verified);
  }
}
