package dev.carillon.view.ledger;

import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import dev.carillon.view.capture.Facts;
import dev.carillon.view.capture.Patiently;
import dev.carillon.view.capture.QueryCheck;
import dev.carillon.view.capture.RawSql;
import dev.carillon.view.capture.Template;
import dev.carillon.view.capture.Triggers;
import dev.carillon.view.definition.Obstacle;
import dev.carillon.view.definition.Part;
import dev.carillon.view.definition.ViewQuery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Makes a view that a ledger keeps: tables and functions first, then the triggers, then what they
 * did not see, and the view itself last. Each step may be repeated, so a second try finishes what a
 * crash left.
 */
record Creation(Jdbi jdbi, Patiently patiently, Triggers triggers, Resync resync) {

  void run(ViewName view, ViewQuery.Valid query) {
    List<Obstacle> obstacles = Ledger.obstacles(jdbi, query);
    if (!obstacles.isEmpty()) {
      throw new LedgerRefused(obstacles);
    }
    if (jdbi.withHandle(handle -> StoredPart.of(handle, view)).stream()
        .anyMatch(StoredPart::dropping)) {
      new Removal(jdbi, patiently, triggers).run(view);
    }
    List<PartNames> all = patiently.transaction("making " + view, h -> tables(h, view, query));
    for (PartNames names : all) {
      triggers.makeWhole(jdbi.withHandle(names::capture), names::mayCapture);
      resync.run(names);
    }
    patiently.transaction("making " + view, handle -> readView(handle, view, query, all));
  }

  private static List<PartNames> tables(Handle handle, ViewName view, ViewQuery.Valid query) {
    String schema = Facts.schema(handle);
    List<StoredPart> stored = StoredPart.of(handle, view);
    String name = Template.quoted(schema) + "." + Template.quoted(view.text());
    boolean taken =
        Facts.kind(handle, name).filter(kind -> !kind.equals("v") || stored.isEmpty()).isPresent();
    if (taken) {
      throw refused("there is a relation " + view + " already", "Drop it, or choose another name");
    }
    List<Part> parts = query.analysis().parts();
    checkSame(view, stored, parts);
    List<PartNames> all = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      PartNames names =
          new PartNames(
              schema,
              view,
              i + 1,
              Math.max(1, part.keys().size()),
              part.keys().isEmpty(),
              part.measures().size());
      generate(handle, names, part);
      all.add(names);
    }
    return all;
  }

  private static void checkSame(ViewName view, List<StoredPart> stored, List<Part> parts) {
    List<String> before = stored.stream().map(StoredPart::definition).toList();
    List<String> now = parts.stream().map(PartTexts::definition).toList();
    if (!before.isEmpty() && !before.equals(now)) {
      throw refused(
          view + " is being made with another query, or was made with one", "Drop it first");
    }
  }

  private static void generate(Handle handle, PartNames names, Part part) {
    handle
        .createUpdate(Ledger.SQL.get("add"))
        .bind("view", names.view().text())
        .bind("part", names.number())
        .bind("schema", names.schema())
        .bind("definition", PartTexts.definition(part))
        .bind("keys", names.keys())
        .bind("keyless", names.keyless())
        .bind("measures", names.measures())
        .execute();
    Map<String, String> values = new HashMap<>(PartTexts.of(part));
    values.put("parts", Facts.place(handle, "ledger_part"));
    RawSql.execute(handle, names.sql("rows", values));
    values.putAll(RowColumns.of(handle, names).texts());
    for (String step :
        List.of(
            "recompute",
            "base",
            "base_options",
            "base_key",
            "wide",
            "wide_key",
            "ledger",
            "ledger_stamps",
            "ledger_options")) {
      RawSql.execute(handle, names.sql(step, values));
    }
    values.putAll(sums(handle, names));
    RawSql.execute(handle, names.sql(names.keyless() ? "live_keyless" : "live", values));
    PartCapture.make(handle, names);
  }

  private static Map<String, String> sums(Handle handle, PartNames names) {
    List<String> summed = new ArrayList<>();
    IntStream.rangeClosed(1, names.keys()).forEach(i -> summed.add("k" + i));
    List<String> orZero = new ArrayList<>(List.of("CAST(0 AS smallint) AS k1"));
    for (String column : names.measureColumns()) {
      String type = Facts.type(handle, names.base(), column);
      summed.add("CAST(sum(%1$s) AS %2$s) AS %1$s".formatted(column, type));
      orZero.add("CAST(coalesce(sum(%1$s), 0) AS %2$s) AS %1$s".formatted(column, type));
    }
    return Map.of(
        "columns_summed", String.join(", ", summed), "columns_or_zero", String.join(", ", orZero));
  }

  private static ViewName readView(
      Handle handle, ViewName view, ViewQuery.Valid query, List<PartNames> all) {
    String read = query.readQuery(number -> all.get(number - 1).live());
    List<RawSql.ResultColumn> wanted = QueryCheck.columns(handle, query.text());
    if (!wanted.stream()
        .map(RawSql.ResultColumn::type)
        .toList()
        .equals(
            QueryCheck.columns(handle, read).stream().map(RawSql.ResultColumn::type).toList())) {
      throw refused("the query's columns would be of other types", "Cast them in the query");
    }
    String names =
        wanted.stream()
            .map(column -> Template.quoted(column.name()))
            .collect(Collectors.joining(", "));
    String name = Template.quoted(all.getFirst().schema()) + "." + Template.quoted(view.text());
    RawSql.execute(
        handle,
        Ledger.TEMPLATE.fill("read_view", Map.of("name", name, "names", names, "query", read)));
    return view;
  }

  private static LedgerRefused refused(String reason, String hint) {
    return new LedgerRefused(List.of(new Obstacle(Tier.LEDGER, reason, hint)));
  }
}
