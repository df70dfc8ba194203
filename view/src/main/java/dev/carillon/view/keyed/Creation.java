package dev.carillon.view.keyed;

import dev.carillon.view.ViewName;
import dev.carillon.view.capture.Capture;
import dev.carillon.view.capture.Facts;
import dev.carillon.view.capture.Patiently;
import dev.carillon.view.capture.RawSql;
import dev.carillon.view.capture.SqlRefusal;
import dev.carillon.view.capture.Triggers;
import dev.carillon.view.definition.KeyedPlan;
import dev.carillon.view.definition.KeyedPlan.KeySource;
import dev.carillon.view.definition.KeyedReading;
import dev.carillon.view.definition.Obstacle;
import dev.carillon.view.definition.ViewQuery;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Makes a view that is kept by its keys: the query, tables and functions first, then the triggers,
 * then the rows. Each step may be repeated, so a second try finishes what a crash left.
 */
record Creation(
    Jdbi jdbi, Patiently patiently, Triggers triggers, Resync resync, long wholeScanBytes) {

  private static final ViewName CHECKED = new ViewName("carillon_check");

  /** Makes all in a transaction that is rolled back. */
  List<Obstacle> obstacles(ViewQuery.Valid query, List<String> key) {
    return jdbi.withHandle(handle -> {
      handle.begin();
      try {
        generate(handle, CHECKED, query, key);
        return List.of();
      } catch (KeyedRefused e) {
        return e.obstacles();
      } catch (SqlRefusal e) {
        return refusal(e).obstacles();
      } finally {
        handle.rollback();
      }
    });
  }

  void run(ViewName view, ViewQuery.Valid query, List<String> key) {
    if (jdbi.withHandle(handle -> isHalfDropped(handle, view))) {
      new Removal(jdbi, patiently, triggers).run(view);
    }
    StoredView stored =
        patiently.transaction(
            "making " + view,
            handle -> {
              Optional<StoredView> before = StoredView.find(handle, view);
              if (before.isPresent()) {
                return same(before.get(), definition(query, key));
              }
              try {
                return generate(handle, view, query, key);
              } catch (SqlRefusal e) {
                throw SqlRefusal.isPassing(e) ? e : refusal(e);
              }
            });
    stored.captures().forEach(capture -> triggers.makeWhole(capture, stored.names()::mayCapture));
    try {
      resync.run(stored);
    } catch (RuntimeException e) {
      if (!AmbiguousKey.isCause(e)) {
        throw e;
      }
      new Removal(jdbi, patiently, triggers).run(view);
      throw new KeyedRefused(
          "several rows have the same key " + stored.names().keys(),
          "Declare the columns that tell the rows apart");
    }
  }

  private static boolean isHalfDropped(Handle handle, ViewName view) {
    return StoredView.find(handle, view).filter(stored -> stored.isGone(handle)).isPresent();
  }

  private static StoredView same(StoredView before, String definition) {
    if (!before.definition().equals(definition)) {
      throw new KeyedRefused(
          before.names().view() + " is being made with another query or key, or was made with one",
          "Drop it first");
    }
    return before;
  }

  private static String definition(ViewQuery.Valid query, List<String> key) {
    return key.isEmpty() ? query.text() : query.text() + "\n-- key: " + String.join(", ", key);
  }

  private static KeyedRefused refusal(SqlRefusal refusal) {
    return new KeyedRefused("the database refuses it: " + refusal.getMessage(), "Correct it");
  }

  private StoredView generate(
      Handle handle, ViewName view, ViewQuery.Valid query, List<String> key) {
    KeyedPlan plan =
        switch (query.keyed(key)) {
          case KeyedReading.Impossible(List<Obstacle> obstacles) ->
              throw new KeyedRefused(obstacles);
          case KeyedReading.Possible(KeyedPlan possible) -> possible;
        };
    String schema = Facts.schema(handle);
    KeyedNames first = new KeyedNames(schema, view, List.of(), plan.touched(), 1);
    if (Facts.kind(handle, first.target()).isPresent()) {
      throw new KeyedRefused(
          "there is a relation " + view + " already", "Drop it, or choose another name");
    }
    DatabaseCheck check = new DatabaseCheck(handle, plan);
    check.query(query);
    RawSql.execute(handle, first.sql("recompute", Map.of("query", query.text())));
    List<ResultColumn> columns = ResultColumn.of(handle, first.recompute());
    check.result(columns, first);
    List<String> keys = new ArrayList<>(plan.touched());
    plan.key().stream().filter(column -> !keys.contains(column)).forEach(keys::add);
    KeyedNames names =
        new KeyedNames(
            schema,
            view,
            columns.stream().map(ResultColumn::name).toList(),
            keys,
            plan.touched().size());
    Map<String, List<KeySource>> sources = sources(handle, plan);
    make(handle, names, columns, sources);
    store(handle, names, definition(query, key), List.copyOf(sources.keySet()));
    new PushDown(handle, wholeScanBytes).check(names, sources);
    return StoredView.find(handle, view).orElseThrow();
  }

  /** The tables, each with all places where the query reads it. */
  private static Map<String, List<KeySource>> sources(Handle handle, KeyedPlan plan) {
    Map<String, List<KeySource>> sources = new LinkedHashMap<>();
    for (KeySource source : plan.sources()) {
      sources
          .computeIfAbsent(Facts.place(handle, source.table()), _ -> new ArrayList<>())
          .add(source);
    }
    return sources;
  }

  private static void make(
      Handle handle,
      KeyedNames names,
      List<ResultColumn> columns,
      Map<String, List<KeySource>> sources) {
    Map<String, String> values = Map.of("dirty_columns", dirtyColumns(names, columns));
    for (String step :
        List.of("target", "target_key", "target_options", "dirty", "dirty_options")) {
      RawSql.execute(handle, names.sql(step, values));
    }
    int number = 1;
    for (List<KeySource> places : sources.values()) {
      Capture capture = names.capture(0, number);
      Map<String, String> view = Map.of("touched_view", capture.rows(), "touched", touched(places));
      RawSql.execute(handle, names.sql("touched_view", view));
      KeyedCapture.make(handle, names, names.capture(Facts.source(handle, capture.rows()), number));
      number++;
    }
  }

  private static String dirtyColumns(KeyedNames names, List<ResultColumn> columns) {
    Map<String, String> declared =
        columns.stream().collect(Collectors.toMap(ResultColumn::name, ResultColumn::declared));
    return IntStream.range(0, names.touched())
        .mapToObj(i -> "k%d %s".formatted(i + 1, declared.get(names.keys().get(i))))
        .collect(Collectors.joining(", "));
  }

  private static String touched(List<KeySource> places) {
    return places.stream()
        .map(place ->
            Keyed.TEMPLATE.fill(
                "touched",
                Map.of(
                    "expressions",
                    place.keys().stream()
                        .map(KeyedPlan.KeyExpression::sql)
                        .collect(Collectors.joining(", ")),
                    "table",
                    place.table(),
                    "alias",
                    place.alias(),
                    "known",
                    place.keys().stream()
                        .filter(expression -> !expression.nulls())
                        .map(expression -> "(" + expression.sql() + ") IS NOT NULL")
                        .reduce("true", "%s AND %s"::formatted))))
        .map(String::strip)
        .collect(Collectors.joining(" UNION "));
  }

  private static void store(
      Handle handle, KeyedNames names, String definition, List<String> sources) {
    handle
        .createUpdate(Keyed.SQL.get("add"))
        .bind("view", names.view().text())
        .bind("schema", names.schema())
        .bind("definition", definition)
        .bind("columns", names.columns().toArray(String[]::new))
        .bind("keys", names.keys().toArray(String[]::new))
        .bind("touched", names.touched())
        .bind("sources", sources.toArray(String[]::new))
        .execute();
  }
}
