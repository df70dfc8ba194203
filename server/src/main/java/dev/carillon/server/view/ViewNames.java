package dev.carillon.server.view;

import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import dev.carillon.view.ViewName;
import java.util.Optional;

/** Views' names in requests. */
final class ViewNames {

  static final String ALLOWED =
      "1 to %d lower-case letters, digits and underscores".formatted(ViewName.MAX_LENGTH);

  private ViewNames() {}

  /** The name that a text is; empty if it is none. */
  static Optional<ViewName> find(String text) {
    try {
      return Optional.of(new ViewName(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * The name that a path's part is.
   *
   * @throws ProblemException 400 that names {@code name} if it is none
   */
  static ViewName parse(String text) {
    return find(text)
        .orElseThrow(() -> new ProblemException(Problem.invalid("name", "must be " + ALLOWED)));
  }
}
