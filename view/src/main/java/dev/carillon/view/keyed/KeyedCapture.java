package dev.carillon.view.keyed;

import dev.carillon.view.capture.Capture;
import dev.carillon.view.capture.CaptureFunction;
import dev.carillon.view.capture.Patiently;
import java.util.Map;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/** The functions that record which keys a statement touches, one for each table. */
final class KeyedCapture {

  private KeyedCapture() {}

  /** Makes one for a view that is being made. */
  static void make(Handle handle, KeyedNames names, Capture capture) {
    make(handle, names, capture, _ -> true);
  }

  private static void make(
      Handle handle, KeyedNames names, Capture capture, Predicate<Handle> wanted) {
    CaptureFunction.make(
        handle,
        capture,
        wanted,
        text ->
            names.sql(
                "capture",
                Map.of(
                    "touched_new",
                    text.over("carillon_new"),
                    "touched_old",
                    text.over("carillon_old"))));
  }

  /**
   * Makes those that are missing, or are not made of the names as they are now, each in a
   * transaction, unless the view is being dropped.
   */
  static void renew(Patiently patiently, StoredView view) {
    for (Capture capture : view.captures()) {
      patiently.transaction(
          "the capture of " + view.names().view(),
          handle -> {
            make(handle, view.names(), capture, view.names()::mayCapture);
            return capture;
          });
    }
  }
}
