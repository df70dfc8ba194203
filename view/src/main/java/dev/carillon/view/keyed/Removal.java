package dev.carillon.view.keyed;

import dev.carillon.view.ViewName;
import dev.carillon.view.capture.Capture;
import dev.carillon.view.capture.Patiently;
import dev.carillon.view.capture.RawSql;
import dev.carillon.view.capture.Triggers;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/**
 * Takes a view away: the table itself first, so that nothing is changed if something else reads it.
 * A second try finishes what a crash left.
 */
record Removal(Jdbi jdbi, Patiently patiently, Triggers triggers) {

  void run(ViewName view) {
    Optional<StoredView> found = jdbi.withHandle(handle -> StoredView.find(handle, view));
    if (found.isEmpty()) {
      return;
    }
    StoredView stored = found.get();
    String what = "dropping " + view;
    patiently.transaction(
        what,
        handle -> {
          RawSql.execute(handle, stored.names().sql("drop_target"));
          return handle
              .createUpdate(Keyed.SQL.get("begin_drop"))
              .bind("view", view.text())
              .execute();
        });
    stored.captures().forEach(triggers::removeAll);
    patiently.transaction(
        what,
        handle -> {
          for (Capture capture : stored.captures()) {
            RawSql.execute(
                handle,
                stored
                    .names()
                    .sql(
                        "drop_function",
                        Map.of("capture", capture.function(), "touched_view", capture.rows())));
          }
          RawSql.execute(handle, stored.names().sql("drop_generated"));
          return handle.createUpdate(Keyed.SQL.get("forget")).bind("view", view.text()).execute();
        });
  }
}
