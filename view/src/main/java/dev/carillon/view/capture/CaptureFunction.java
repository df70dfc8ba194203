package dev.carillon.view.capture;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/**
 * The function that a capture's triggers call. It runs with its owner's rights in every writer's
 * statement, so its text has all names in full, and nobody else may call it.
 */
public final class CaptureFunction {

  private CaptureFunction() {}

  /**
   * Makes the function where it is missing or differs from what would be made now, as after a
   * column was renamed. Then it waits, within the caller's lock timeout, until all that wrote with
   * the old one have ended. Must run in a transaction at READ COMMITTED.
   *
   * @param wanted asked before it is made; must keep the answer from changing until the end
   * @param body the function's body, made of the text of the rows
   */
  public static void make(
      Handle handle, Capture capture, Predicate<Handle> wanted, Function<RowsText, String> body) {
    Optional<String> table = table(handle, capture);
    if (table.isEmpty()
        || isAsMade(handle, capture, text(handle, capture, body))
        || !wanted.test(handle)) {
      return;
    }
    if (isMade(handle, capture)) {
      RawSql.execute(handle, capture.sql("lock_for_function", Map.of("table", table.get())));
    }
    String text = text(handle, capture, body);
    if (!isAsMade(handle, capture, text)) {
      Map<String, String> values = Map.of("body", Template.literal(text));
      RawSql.execute(handle, capture.sql("function", values));
    }
  }

  private static Optional<String> table(Handle handle, Capture capture) {
    return SourceTree.of(handle, capture).root().map(SourceTree.Member::name);
  }

  private static boolean isMade(Handle handle, Capture capture) {
    return handle
        .createQuery(Capture.SQL.get("is_made"))
        .bind("capture", capture.function())
        .mapTo(Boolean.class)
        .one();
  }

  private static boolean isAsMade(Handle handle, Capture capture, String text) {
    return handle
        .createQuery(Capture.SQL.get("is_as_made"))
        .bind("capture", capture.function())
        .bind("body", text)
        .mapTo(Boolean.class)
        .one();
  }

  /** What the names are comes first: a change after that is noticed. */
  private static String text(Handle handle, Capture capture, Function<RowsText, String> body) {
    SourceTree tree = SourceTree.of(handle, capture);
    String table = tree.root().map(SourceTree.Member::name).orElseThrow();
    return "-- Made of "
        + tree.names()
        + "\n"
        + body.apply(RowsText.read(handle, capture.rows(), table));
  }
}
