package dev.carillon.view.ledger;

import dev.carillon.view.capture.CaptureFunction;
import dev.carillon.view.capture.Facts;
import dev.carillon.view.capture.Patiently;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** The function that notes in a part's ledger what a statement changes. */
final class PartCapture {

  private PartCapture() {}

  /**
   * Makes it where it is missing, or is not made of the names as they are now, unless the part is
   * being dropped.
   */
  static void make(Handle handle, PartNames names) {
    Map<String, String> values = new HashMap<>(RowColumns.of(handle, names).texts());
    values.put("doubts", Facts.place(handle, "ledger_doubt"));
    CaptureFunction.make(
        handle,
        names.capture(handle),
        names::mayCapture,
        text -> {
          values.put("rows_new", text.over("carillon_new"));
          values.put("rows_old", text.over("carillon_old"));
          return names.sql("capture", values);
        });
  }

  /** The same in a transaction. */
  static void renew(Patiently patiently, PartNames names) {
    patiently.transaction(
        "the capture of " + names.view(),
        handle -> {
          make(handle, names);
          return names;
        });
  }
}
