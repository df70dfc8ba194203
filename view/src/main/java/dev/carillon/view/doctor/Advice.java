package dev.carillon.view.doctor;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What one check found in one place.
 *
 * @param check the check's name
 * @param severity how bad it is
 * @param finding what was found, with figures
 * @param reason why it matters, in one sentence
 * @param remedies what to run, in this order; empty if there is nothing to do
 */
public record Advice(
    String check, Severity severity, String finding, String reason, List<Remedy> remedies) {

  public Advice {
    requireNonNull(check, "check is null");
    requireNonNull(severity, "severity is null");
    requireNonNull(finding, "finding is null");
    requireNonNull(reason, "reason is null");
    remedies = List.copyOf(remedies);
  }

  static Advice ok(Check check) {
    return new Advice(check.name(), Severity.OK, check.allWell(), check.reason(), List.of());
  }

  static Advice info(Check check, String finding, List<Remedy> remedies) {
    return new Advice(check.name(), Severity.INFO, finding, check.reason(), remedies);
  }

  static Advice warning(Check check, String finding, List<Remedy> remedies) {
    return new Advice(check.name(), Severity.WARNING, finding, check.reason(), remedies);
  }

  static Advice problem(Check check, String finding, List<Remedy> remedies) {
    return new Advice(check.name(), Severity.PROBLEM, finding, check.reason(), remedies);
  }
}
