package dev.carillon.view.definition;

import dev.carillon.view.definition.Item.Node;
import dev.carillon.view.definition.Query.Block;
import dev.carillon.view.definition.Query.Combined;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.sf.jsqlparser.expression.Alias;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.LateralSubSelect;
import net.sf.jsqlparser.statement.select.ParenthesedFromItem;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SetOperationList;
import net.sf.jsqlparser.statement.select.TableFunction;
import net.sf.jsqlparser.statement.select.Values;
import net.sf.jsqlparser.statement.select.WithItem;
import org.jspecify.annotations.Nullable;

/** Makes the model of a query: its FROMs with subqueries and names of WITH in place. */
final class QueryModel {

  /** The most tables of a query, each counted as often as it is read. */
  static final int MAX_TABLES = 64;

  /** Something that the model has no word for. */
  static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String hint;

    Unreadable(String reason, String hint) {
      super(reason, null, false, false);
      this.hint = hint;
    }

    String hint() {
      return hint;
    }
  }

  /** A name of WITH, and what was known where it stands. */
  private record Named(WithItem<?> item, Map<String, Named> before, @Nullable Scope outer) {}

  private final List<Item.Base> tables = new ArrayList<>();
  private final Set<PlainSelect> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private Map<String, Named> names = Map.of();

  /** All tables, each as often as it is read. */
  List<Item.Base> tables() {
    return tables;
  }

  /** How many SELECTs were read. */
  int selects() {
    return seen.size();
  }

  /**
   * Reads a query.
   *
   * @param outer what it may refer to outside of it
   * @throws Unreadable if something in it has no place in the model
   */
  Query read(Select select, @Nullable Scope outer) {
    Map<String, Named> before = names;
    try {
      if (select.getWithItemsList() != null) {
        for (WithItem<?> item : select.getWithItemsList()) {
          with(item, outer);
        }
      }
      return switch (select) {
        case PlainSelect plain -> block(plain, outer);
        case ParenthesedSelect inner -> parenthesed(inner, outer);
        case SetOperationList list ->
            new Combined(
                list.getSelects().stream().map(branch -> read(branch, outer)).toList(),
                isLimited(list)
                    || list.getSelects().stream().anyMatch(QueryModel::isLimitedInside));
        case Values _ -> new Block();
        default ->
            throw new Unreadable("the query has a form that is not known", "Write it as SELECT");
      };
    } finally {
      names = before;
    }
  }

  private Query parenthesed(ParenthesedSelect outside, @Nullable Scope outer) {
    Query inner = read(outside.getSelect(), outer);
    return isLimited(outside) ? new Combined(List.of(inner), true) : inner;
  }

  /** A LIMIT after the last branch is one of the whole, though it is read as the branch's own. */
  private static boolean isLimitedInside(Select branch) {
    return !(branch instanceof ParenthesedSelect) && isLimited(branch);
  }

  static boolean isLimited(Select select) {
    return select.getLimit() != null || select.getOffset() != null || select.getFetch() != null;
  }

  private void with(WithItem<?> item, @Nullable Scope outer) {
    if (item.isRecursive()) {
      throw new Unreadable(
          "WITH RECURSIVE reaches rows of any key", "Keep the recursion out of the view");
    }
    Map<String, Named> after = new HashMap<>(names);
    after.put(Names.bare(item.getAliasName()), new Named(item, names, outer));
    names = after;
  }

  private Block block(PlainSelect plain, @Nullable Scope outer) {
    seen.add(plain);
    Block block = new Block();
    Scope scope = new Scope(outer, block.items);
    if (plain.isUsingOnly()) {
      throw new Unreadable("ONLY reads a part of a table", "Read the whole table");
    }
    BlockReader reader = new BlockReader(this, block, scope);
    if (plain.getFromItem() != null) {
      from(plain.getFromItem(), block, scope, reader);
      joins(plain.getJoins(), 0, block, scope, reader);
    }
    reader.read(plain);
    return block;
  }

  private void joins(
      @Nullable List<Join> joins, int first, Block block, Scope scope, BlockReader reader) {
    if (joins == null) {
      return;
    }
    for (Join join : joins) {
      int left = block.items.size();
      from(join.getFromItem(), block, scope, reader);
      reader.join(join, first, left);
    }
  }

  private void from(FromItem from, Block block, Scope scope, BlockReader reader) {
    if (from.getSampleClause() != null || from.getPivot() != null || from.getUnPivot() != null) {
      throw new Unreadable(
          "TABLESAMPLE and PIVOT read another set of rows", "Read the whole table");
    }
    switch (from) {
      case Table table -> block.items.add(table(table));
      case LateralSubSelect lateral ->
          block.items.add(derived(lateral.getAlias(), read(lateral.getSelect(), scope), true));
      case ParenthesedSelect inner ->
          block.items.add(derived(inner.getAlias(), read(inner, scope.outer()), false));
      case ParenthesedFromItem inner when inner.getFromItem() instanceof Values ->
          block.items.add(new Item.Other(alias(inner.getAlias())));
      case ParenthesedFromItem inner -> {
        if (inner.getAlias() != null) {
          throw new Unreadable("a join has a name of its own", "Name its tables only");
        }
        int first = block.items.size();
        from(inner.getFromItem(), block, scope, reader);
        joins(inner.getJoins(), first, block, scope, reader);
      }
      case Values values -> block.items.add(new Item.Other(alias(values.getAlias())));
      case TableFunction function -> {
        reader.look(function);
        block.items.add(new Item.Other(alias(function.getAlias())));
      }
      default -> throw new Unreadable(from + " is not known in FROM", "Read a table");
    }
  }

  private Item table(Table table) {
    String name = Names.bare(table.getName());
    Alias alias = table.getAlias();
    String called = alias == null ? name : Names.bare(alias.getName());
    Named named = table.getSchemaName() == null ? names.get(name) : null;
    if (named != null) {
      return named(named, alias, called);
    }
    if (alias != null && alias.getAliasColumns() != null && !alias.getAliasColumns().isEmpty()) {
      throw new Unreadable("the columns of " + table + " are renamed", "Rename them in SELECT");
    }
    if (tables.size() >= MAX_TABLES) {
      throw new Unreadable(
          "the query reads more than %d tables".formatted(MAX_TABLES), "Make two views of it");
    }
    Item.Base base = new Item.Base(table.getFullyQualifiedName(), called);
    tables.add(base);
    return base;
  }

  private Item named(Named named, @Nullable Alias alias, String called) {
    if (!(named.item().getParenthesedStatement() instanceof ParenthesedSelect body)) {
      throw new Unreadable("a name of WITH is no SELECT", "Leave it out");
    }
    Map<String, Named> here = names;
    names = named.before();
    try {
      Query query = read(body, named.outer());
      if (named.item().getWithItemList() != null) {
        rename(
            query,
            named.item().getWithItemList().stream()
                .map(column -> Names.bare(column.getExpression().toString()))
                .toList());
      }
      Item.Derived derived = new Item.Derived(called, query, false);
      renameBy(alias, query);
      return derived;
    } finally {
      names = here;
    }
  }

  private static Item derived(@Nullable Alias alias, Query query, boolean lateral) {
    renameBy(alias, query);
    return new Item.Derived(alias(alias), query, lateral);
  }

  private static String alias(@Nullable Alias alias) {
    return alias == null || alias.getName() == null ? "" : Names.bare(alias.getName());
  }

  private static void renameBy(@Nullable Alias alias, Query query) {
    if (alias != null && alias.getAliasColumns() != null && !alias.getAliasColumns().isEmpty()) {
      rename(
          query, alias.getAliasColumns().stream().map(column -> Names.bare(column.name)).toList());
    }
  }

  private static void rename(Query query, List<String> columns) {
    Query first = query;
    while (first instanceof Combined combined) {
      first = combined.branches().getFirst();
    }
    Block block = (Block) first;
    if (block.isOpen() || columns.size() > block.outputs.size()) {
      throw new Unreadable("columns are renamed that are not known", "Name the columns in SELECT");
    }
    for (int i = 0; i < columns.size(); i++) {
      block.outputs.set(i, new Query.Output(columns.get(i), block.outputs.get(i).node()));
    }
  }

  /** The column of an item that a name means, as USING takes it; null if it is not known. */
  static @Nullable Node column(List<Item> items, Column column) {
    String name = Names.bare(column.getColumnName());
    List<Item> having =
        items.stream()
            .filter(item ->
                !(item instanceof Item.Derived derived)
                    || derived.query().column(name) != Query.NONE)
            .toList();
    return having.size() == 1 ? new Node(having.getFirst(), Names.quoted(name), name) : null;
  }
}
