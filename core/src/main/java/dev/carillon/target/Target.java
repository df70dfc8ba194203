package dev.carillon.target;

import java.time.Duration;

/** What is done when an event is due. Implementations are safe for use by many threads. */
public interface Target {

  /**
   * Performs an attempt; blocks until it ended. The same event may come again, with the same id,
   * when a process dies between performing and settling it.
   *
   * @throws Exception if the attempt failed in an unforeseen way: it counts as retryable
   */
  Outcome perform(Attempt attempt) throws Exception;

  /**
   * How long an attempt may take before its thread is interrupted.
   *
   * @param usual what targets may take that bring no limit of their own
   */
  default Duration timeLimit(Duration usual) {
    return usual;
  }

  /** The most attempts that the policies of its outcomes allow; 0 if it brings no policies. */
  default int mostAttempts() {
    return 0;
  }
}
