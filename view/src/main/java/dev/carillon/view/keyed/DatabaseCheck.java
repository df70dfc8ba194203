package dev.carillon.view.keyed;

import dev.carillon.view.capture.Facts;
import dev.carillon.view.capture.QueryCheck;
import dev.carillon.view.capture.RawSql;
import dev.carillon.view.capture.Template;
import dev.carillon.view.definition.KeyedPlan;
import dev.carillon.view.definition.KeyedPlan.KeyExpression;
import dev.carillon.view.definition.KeyedPlan.KeySource;
import dev.carillon.view.definition.ViewQuery;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;

/** What only the database knows of a query: its tables, its types, and what is steady. */
record DatabaseCheck(Handle handle, KeyedPlan plan) {

  /** Types whose every value is also one of the other, and equal to it. */
  private static final Map<String, Set<String>> FITTING =
      Map.of(
          "int4", Set.of("int2"),
          "int8", Set.of("int2", "int4"),
          "text", Set.of("varchar"),
          "varchar", Set.of("text"));

  private static final String TYPES = Template.quoted("carillon_check_types");

  /**
   * Before anything is made.
   *
   * @throws KeyedRefused if something stands in the way
   */
  void query(ViewQuery.Valid query) {
    QueryCheck.meaning(handle, query)
        .ifPresent(trouble -> {
          throw new KeyedRefused(trouble.reason(), trouble.hint());
        });
    for (KeySource source : plan.sources()) {
      if (!Facts.isLastingTable(handle, source.table())
          || Facts.place(handle, source.table()).startsWith("pg_catalog.")) {
        throw new KeyedRefused(
            source.table() + " is not a lasting table", "Read the table that its rows come from");
      }
      QueryCheck.source(handle, source.table())
          .ifPresent(trouble -> {
            throw new KeyedRefused(trouble.reason(), trouble.hint());
          });
      for (String alias : plan.aliases()) {
        if (Facts.hasColumn(handle, source.table(), alias)) {
          throw new KeyedRefused(
              "GROUP BY %s may mean the column of %s".formatted(alias, source.table()),
              "Name the result otherwise, or group by the expression");
        }
      }
    }
  }

  /**
   * When the query is a view.
   *
   * @throws KeyedRefused if something stands in the way
   */
  void result(List<ResultColumn> columns, KeyedNames names) {
    tables(names);
    steadiness(names);
    Map<String, ResultColumn> byName =
        columns.stream().collect(Collectors.toMap(ResultColumn::name, Function.identity()));
    for (String key : plan.key()) {
      ResultColumn column = byName.get(key);
      if (column == null) {
        throw new KeyedRefused(
            "the result has no column " + key, "Give the key's column a name with AS");
      }
      if (!column.plain()) {
        throw new KeyedRefused(
            key + " has a collation that takes different texts for equal",
            "Give it another with COLLATE");
      }
    }
    plan.sources()
        .forEach(source -> source(source, plan.touched().stream().map(byName::get).toList()));
  }

  private void tables(KeyedNames names) {
    Set<String> read =
        new HashSet<>(
            handle
                .createQuery(Keyed.SQL.get("read_by"))
                .bind("recompute", names.recompute())
                .mapTo(String.class)
                .list());
    plan.sources().forEach(source -> read.remove(Facts.place(handle, source.table())));
    if (!read.isEmpty()) {
      throw new KeyedRefused(
          "the query reads %s in a way that is not understood".formatted(read),
          "Name the table in FROM");
    }
  }

  private void steadiness(KeyedNames names) {
    handle
        .createQuery(Keyed.SQL.get("unsteady"))
        .bind("names", plan.functions().toArray(String[]::new))
        .bind("recompute", names.recompute())
        .mapTo(String.class)
        .findFirst()
        .ifPresent(function -> {
          throw new KeyedRefused(
              function + "() may give another answer though no row is touched",
              "Use immutable functions, or call it when the view is read");
        });
  }

  private void source(KeySource source, List<ResultColumn> touched) {
    List<String> expressions = source.keys().stream().map(KeyExpression::sql).toList();
    QueryCheck.immutability(handle, source.table(), expressions)
        .ifPresent(words -> {
          throw new KeyedRefused(
              "the key of %s does not depend on the row alone: %s".formatted(source.table(), words),
              "Use a column or an immutable expression");
        });
    List<ResultColumn> types = types(source, expressions);
    for (int i = 0; i < touched.size(); i++) {
      ResultColumn wanted = touched.get(i);
      ResultColumn has = types.get(i);
      boolean fits =
          has.type().equals(wanted.type())
              || FITTING.getOrDefault(wanted.type(), Set.of()).contains(has.type());
      if (!fits || !has.plain()) {
        throw new KeyedRefused(
            "%s of %s is of type %s, and %s of type %s"
                .formatted(
                    expressions.get(i), source.table(), has.type(), wanted.name(), wanted.type()),
            "Make the types the same, or show the other column as the key");
      }
    }
  }

  private List<ResultColumn> types(KeySource source, List<String> expressions) {
    String columns =
        IntStream.range(0, expressions.size())
            .mapToObj(i -> "%s AS k%d".formatted(expressions.get(i), i + 1))
            .collect(Collectors.joining(", "));
    Map<String, String> values =
        Map.of(
            "types",
            TYPES,
            "expressions",
            columns,
            "table",
            source.table(),
            "alias",
            source.alias());
    RawSql.execute(handle, Keyed.TEMPLATE.fill("key_types", values));
    List<ResultColumn> found = ResultColumn.of(handle, TYPES);
    RawSql.execute(handle, Keyed.TEMPLATE.fill("drop_key_types", values));
    return found;
  }
}
