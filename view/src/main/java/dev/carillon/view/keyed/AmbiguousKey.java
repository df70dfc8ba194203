package dev.carillon.view.keyed;

import dev.carillon.view.capture.SqlRefusal;
import java.util.List;

/** The query gave several rows of the same key. */
final class AmbiguousKey extends RuntimeException {

  private static final long serialVersionUID = 1L;

  AmbiguousKey(List<String> keys) {
    super("several rows have the same key " + keys);
  }

  /** Whether that is why something failed, whoever noticed it. */
  static boolean isCause(RuntimeException failure) {
    return failure instanceof AmbiguousKey || SqlRefusal.isAmbiguous(failure);
  }
}
