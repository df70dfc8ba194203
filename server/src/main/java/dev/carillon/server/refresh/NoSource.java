package dev.carillon.server.refresh;

import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;

/** The answer of the API where no source is set. */
final class NoSource {

  private NoSource() {}

  /**
   * What there is.
   *
   * @throws ProblemException 409 if no source is set
   */
  static Refreshing.Working orWorking(Refreshing refreshing) {
    return refreshing
        .working()
        .orElseThrow(() -> new ProblemException(Problem.of(409, Refreshing.NO_SOURCE)));
  }
}
