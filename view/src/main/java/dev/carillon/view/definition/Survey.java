package dev.carillon.view.definition;

import dev.carillon.view.Tier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntFunction;
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
import net.sf.jsqlparser.statement.select.WithItem;
import org.jspecify.annotations.Nullable;

/**
 * One walk through a query: finds the aggregates that a ledger can keep, puts their live views in
 * their place, and notes what stands in the way. The query is changed.
 */
final class Survey {

  private final IntFunction<String> liveName;
  private final List<Part> parts = new ArrayList<>();
  private final List<Obstacle> obstacles = new ArrayList<>();
  private final Set<String> withNames = new HashSet<>();

  Survey(IntFunction<String> liveName) {
    this.liveName = liveName;
  }

  List<Part> parts() {
    return parts;
  }

  List<Obstacle> obstacles() {
    return obstacles;
  }

  void of(Select select) {
    collectWithNames(select);
    walk(select);
    if (parts.isEmpty() && obstacles.isEmpty()) {
      obstacle(
          "the query has no grouped count or sum over one table",
          "An ordinary view of it is always fresh, if it is fast enough");
    }
    if (parts.size() > Part.MAX_PARTS) {
      obstacle(
          "it has %d counted queries, and %d are the most".formatted(parts.size(), Part.MAX_PARTS),
          "Make two views of it");
    }
  }

  private void walk(Select select) {
    if (select.getWithItemsList() != null) {
      for (WithItem<?> item : select.getWithItemsList()) {
        if (item.getParenthesedStatement() instanceof ParenthesedSelect inner) {
          walk(inner);
        }
      }
    }
    switch (select) {
      case PlainSelect plain -> plain(plain);
      case ParenthesedSelect inner -> walk(inner.getSelect());
      case SetOperationList list -> list.getSelects().forEach(this::walk);
      default -> {}
    }
  }

  private void plain(PlainSelect plain) {
    if (!AggregateSearch.isAggregate(plain)) {
      from(plain.getFromItem());
      joins(plain.getJoins());
    } else if (plain.getFromItem() instanceof Table table && isBase(table)) {
      aggregate(plain, table);
    } else {
      overOthers(plain);
    }
    AggregateSearch.uncorrelated(plain)
        .forEach(found ->
            obstacle(
                "a subquery counts a whole table each time the view is read: " + found,
                "Put it into WITH, and join it"));
  }

  private void aggregate(PlainSelect plain, Table table) {
    switch (new PartReader(plain, table).read()) {
      case PartReader.Found found -> {
        parts.add(found.part());
        found.rewrite(liveName.apply(parts.size()));
      }
      case PartReader.NotFound not -> {
        obstacle(not.reason(), not.hint());
        joins(plain.getJoins());
      }
    }
  }

  /** An aggregate over derived tables is computed when it is read: these are small. */
  private void overOthers(PlainSelect plain) {
    int before = parts.size();
    from(plain.getFromItem());
    joins(plain.getJoins());
    boolean readsTables =
        isBaseTable(plain.getFromItem())
            || (plain.getJoins() != null
                && plain.getJoins().stream().anyMatch(join -> isBaseTable(join.getFromItem())));
    if (readsTables) {
      obstacle(
          "an aggregate over a join cannot be kept by a ledger",
          "Count each table alone in a WITH, by the key of the join, and join the results");
    } else if (parts.size() == before && withNames.isEmpty() && plain.getFromItem() != null) {
      obstacle(
          "an aggregate is made of " + plain.getFromItem() + ", which is not a table",
          "Count the table itself");
    }
  }

  private void from(@Nullable FromItem item) {
    switch (item) {
      case null -> {}
      case LateralSubSelect lateral -> lookUp(lateral);
      case ParenthesedSelect derived -> walk(derived);
      case ParenthesedFromItem inner -> {
        from(inner.getFromItem());
        joins(inner.getJoins());
      }
      case TableFunction _, Table _ -> {}
      default -> {}
    }
  }

  private void joins(@Nullable List<Join> joins) {
    if (joins != null) {
      joins.forEach(join -> from(join.getFromItem()));
    }
  }

  /** A lateral query is run for each row that is read; an index makes that cheap. */
  private void lookUp(LateralSubSelect lateral) {
    if (lateral.getSelect() instanceof PlainSelect plain
        && AggregateSearch.isAggregate(plain)
        && plain.getWhere() == null) {
      obstacle(
          "a lateral query counts a whole table for each row that is read: " + plain,
          "Give it a WHERE on a column that has an index");
    }
  }

  private boolean isBaseTable(@Nullable FromItem item) {
    return item instanceof Table table && isBase(table);
  }

  private boolean isBase(Table table) {
    return table.getSchemaName() != null || !withNames.contains(folded(table.getName()));
  }

  private void collectWithNames(Select select) {
    WithNames.in(select).forEach(name -> withNames.add(folded(name)));
  }

  private void obstacle(String reason, String hint) {
    obstacles.add(new Obstacle(Tier.LEDGER, reason, hint));
  }

  private static String folded(String name) {
    return name.startsWith("\"") ? name.replace("\"", "") : name.toLowerCase(Locale.ROOT);
  }
}
