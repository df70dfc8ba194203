package dev.carillon.view.ledger;

import dev.carillon.view.ViewName;
import dev.carillon.view.capture.Patiently;
import dev.carillon.view.capture.RawSql;
import dev.carillon.view.capture.Template;
import dev.carillon.view.capture.Triggers;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/**
 * Takes a view away, the view itself first: if something else reads it, nothing is changed. A
 * second try finishes what a crash left.
 */
record Removal(Jdbi jdbi, Patiently patiently, Triggers triggers) {

  void run(ViewName view) {
    List<PartNames> all =
        jdbi.withHandle(
            handle -> StoredPart.of(handle, view).stream().map(StoredPart::names).toList());
    if (all.isEmpty()) {
      return;
    }
    String name = Template.quoted(all.getFirst().schema()) + "." + Template.quoted(view.text());
    patiently.transaction(
        "dropping " + view,
        handle -> {
          RawSql.execute(handle, Ledger.TEMPLATE.fill("drop_view", Map.of("name", name)));
          return handle
              .createUpdate(Ledger.SQL.get("begin_drop"))
              .bind("view", view.text())
              .execute();
        });
    all.forEach(names -> triggers.removeAll(jdbi.withHandle(names::capture)));
    patiently.transaction(
        "dropping " + view,
        handle -> {
          all.forEach(names -> RawSql.execute(handle, names.sql("drop_generated")));
          return handle.createUpdate(Ledger.SQL.get("forget")).bind("view", view.text()).execute();
        });
  }
}
