package dev.carillon.view.optimisation;

import java.util.List;

/**
 * One named change of the database that makes jobs faster. It can be applied again, also after a
 * crash half-way, and removed; neither touches data.
 */
public interface Optimisation {

  /** Its name, with the number that orders it, as in {@code 002_job_indexes}. */
  String name();

  /** What it is, in a few words. */
  String title();

  /** Whether it is applied only where it is named. */
  boolean onlyByName();

  /** What is missing or different, each with its name; empty if all is as it should be. */
  List<String> differences();

  /** Makes what is missing and replaces what is different. */
  void apply(Progress progress);

  /**
   * Removes what it made.
   *
   * @return whether there was anything
   */
  boolean rollback(Progress progress);

  /** What to do once it is applied, in words and commands. */
  List<String> nextSteps();
}
