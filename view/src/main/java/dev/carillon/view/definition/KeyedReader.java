package dev.carillon.view.definition;

import dev.carillon.view.Tier;
import dev.carillon.view.definition.Item.Node;
import dev.carillon.view.definition.KeyTrace.Found;
import dev.carillon.view.definition.KeyedPlan.KeyExpression;
import dev.carillon.view.definition.KeyedPlan.KeySource;
import dev.carillon.view.definition.Query.Block;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;

/** Finds out which columns are a view's key, and what equals them in each table. */
final class KeyedReader {

  /** A column of the result, and where it leads. */
  private record Traced(String column, Map<Item.Base, Found> found) {}

  private final Select select;
  private final Wording wording;
  private final QueryModel model = new QueryModel();
  private final Set<String> aliases = new HashSet<>();

  KeyedReader(Select select) {
    this.select = select;
    this.wording = new Wording(select.toString());
  }

  /**
   * Reads the query.
   *
   * @param declared the key's columns; empty to find them
   */
  KeyedReading read(List<String> declared) {
    Optional<String> unsteady = wording.unsteady();
    if (unsteady.isPresent()) {
      return not(
          unsteady.get() + " gives another answer each time, though nobody writes",
          "Show the time itself, and compare it when the view is read");
    }
    try {
      Query query = model.read(select, null);
      if (model.selects() != wording.selects()) {
        return not("a subquery stands where it is not looked for", "Put it into FROM or WITH");
      }
      if (model.tables().isEmpty()) {
        return not("the query reads no table", "An ordinary view of it is always fresh");
      }
      return declared.isEmpty() ? search(query) : of(query, declared);
    } catch (QueryModel.Unreadable e) {
      return not(String.valueOf(e.getMessage()), e.hint());
    }
  }

  private KeyedReading search(Query query) {
    Select top = select;
    while (top instanceof ParenthesedSelect inner) {
      top = inner.getSelect();
    }
    if (top instanceof PlainSelect plain && query instanceof Block block) {
      List<Expression> groups = groups(plain);
      List<String> key = new ArrayList<>();
      for (Expression group : groups) {
        Optional<String> name = output(group, plain, block);
        if (name.isEmpty()) {
          return not(
              "the result does not show %s, which is grouped by".formatted(group),
              "Show it: rows could not be told apart");
        }
        name.filter(one -> !key.contains(one)).ifPresent(key::add);
      }
      if (!key.isEmpty()) {
        return of(query, key);
      }
      if (AggregateSearch.isAggregate(plain)) {
        return not("the result is one row, which has no key", "Group by something");
      }
    }
    List<Traced> all =
        query.names().stream().filter(name -> !name.isEmpty()).map(n -> trace(query, n)).toList();
    return all.stream()
        .filter(this::isWhole)
        .findFirst()
        .map(first -> possible(List.of(first.column()), List.of(first)))
        .orElseGet(() -> impossible(all));
  }

  private KeyedReading of(Query query, List<String> key) {
    if (key.size() > KeyedPlan.MAX_KEYS) {
      return not("the key has more than %d columns".formatted(KeyedPlan.MAX_KEYS), "Declare fewer");
    }
    List<Traced> all = key.stream().map(column -> trace(query, column)).toList();
    List<Traced> whole = all.stream().filter(this::isWhole).toList();
    return whole.isEmpty() ? impossible(all) : possible(key, whole);
  }

  private Traced trace(Query query, String column) {
    return new Traced(column, KeyTrace.of(query, query.column(column)));
  }

  private boolean isWhole(Traced traced) {
    return traced.found().size() == model.tables().size();
  }

  private KeyedReading possible(List<String> key, List<Traced> touched) {
    List<KeySource> sources = new ArrayList<>();
    for (Item.Base table : model.tables()) {
      List<KeyExpression> keys = new ArrayList<>();
      for (Traced traced : touched) {
        Found found = traced.found().get(table);
        if (found != null) {
          keys.add(new KeyExpression(found.node().sql(), found.nulls()));
        }
      }
      sources.add(new KeySource(table.table(), Names.quoted(table.name()), keys));
    }
    return new KeyedReading.Possible(
        new KeyedPlan(
            key, touched.stream().map(Traced::column).toList(), sources, aliases, wording.calls()));
  }

  private KeyedReading impossible(List<Traced> all) {
    Optional<Traced> best = all.stream().max(Comparator.comparingInt(t -> t.found().size()));
    if (best.isEmpty() || best.get().found().isEmpty()) {
      return not(
          "no column of the result says which rows of the tables it is made of",
          "Show such a column, grouped by it if at all, without LIMIT and from the side of an"
              + " outer join that is never missing");
    }
    return new KeyedReading.Impossible(
        model.tables().stream()
            .filter(table -> !best.get().found().containsKey(table))
            .map(table -> obstacle(table, best.get().column()))
            .distinct()
            .toList());
  }

  private static Obstacle obstacle(Item.Base table, String key) {
    return new Obstacle(
        Tier.KEYED,
        "which %s a row of %s has a part in cannot be told".formatted(key, table.table()),
        "Join %s with a plain equality that leads to %s, and write its columns as %s.column"
            .formatted(table.table(), key, table.name()));
  }

  private static KeyedReading not(String reason, String hint) {
    return new KeyedReading.Impossible(List.of(new Obstacle(Tier.KEYED, reason, hint)));
  }

  private static List<Expression> groups(PlainSelect plain) {
    List<Expression> found = new ArrayList<>();
    if (plain.getGroupBy() != null && plain.getGroupBy().getGroupByExpressionList() != null) {
      for (Object expression : plain.getGroupBy().getGroupByExpressionList()) {
        found.add((Expression) expression);
      }
    } else if (plain.getDistinct() != null && plain.getDistinct().getOnSelectItems() != null) {
      plain.getDistinct().getOnSelectItems().forEach(item -> found.add(item.getExpression()));
    }
    return found;
  }

  /** The column of the result that shows what is grouped by. */
  private Optional<String> output(Expression group, PlainSelect plain, Block block) {
    List<SelectItem<?>> items = plain.getSelectItems();
    if (group instanceof LongValue ordinal) {
      int index = (int) ordinal.getValue();
      return index >= 1 && index <= block.outputs.size() && block.outputs.size() == items.size()
          ? named(block.outputs.get(index - 1).name())
          : Optional.empty();
    }
    Node node = new Scope(null, block.items).node(group);
    for (Query.Output output : block.outputs) {
      if (node != null && node.equals(output.node())) {
        return named(output.name());
      }
    }
    for (int i = 0; i < items.size() && items.size() == block.outputs.size(); i++) {
      if (items.get(i).getExpression().toString().equals(group.toString())) {
        return named(block.outputs.get(i).name());
      }
    }
    return alias(group, items, block);
  }

  /** PostgreSQL takes a name for a column of FROM first, and for one of the result then. */
  private Optional<String> alias(Expression group, List<SelectItem<?>> items, Block block) {
    if (!(group instanceof Column column) || column.getTable() != null) {
      return Optional.empty();
    }
    String name = Names.bare(column.getColumnName());
    boolean input =
        block.items.stream()
            .anyMatch(item ->
                item instanceof Item.Derived derived && derived.query().column(name) != Query.NONE);
    for (SelectItem<?> item : items) {
      if (!input && item.getAlias() != null && Names.bare(item.getAlias().getName()).equals(name)) {
        aliases.add(name);
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> named(String name) {
    return name.isEmpty() ? Optional.empty() : Optional.of(name);
  }
}
