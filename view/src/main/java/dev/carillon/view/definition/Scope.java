package dev.carillon.view.definition;

import dev.carillon.view.definition.Item.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.ExpressionVisitorAdapter;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.util.deparser.ExpressionDeParser;
import org.jspecify.annotations.Nullable;

/**
 * What names mean in a SELECT. A name that the tables alone could explain is left unexplained; that
 * a table has a column is for the database to say.
 */
final class Scope {

  private static final Set<String> WORDS = Set.of("true", "false", "null", "unknown");

  private final @Nullable Scope outer;
  private final List<Item> items;
  private final Map<String, Node> merged = new HashMap<>();

  Scope(@Nullable Scope outer, List<Item> items) {
    this.outer = outer;
    this.items = items;
  }

  @Nullable Scope outer() {
    return outer;
  }

  /** Notes a column of USING, whose name means the left one. */
  void merge(String name, Node node) {
    merged.put(name, node);
  }

  /** What an expression is, if it is one over a single item; null if not. */
  @Nullable Node node(@Nullable Expression expression) {
    if (expression == null) {
      return null;
    }
    Reading reading = new Reading();
    expression.accept(reading, null);
    if (reading.lost || reading.found.size() != 1) {
      return null;
    }
    Item item = reading.found.iterator().next();
    String column = expression instanceof Column one ? Names.bare(one.getColumnName()) : null;
    return new Node(item, text(expression), column);
  }

  private static String text(Expression expression) {
    ExpressionDeParser writer =
        new ExpressionDeParser() {
          @Override
          public <S> StringBuilder visit(Column column, S context) {
            String name = column.getColumnName();
            return getBuilder().append(isWord(column) ? name : Names.quoted(Names.bare(name)));
          }
        };
    expression.accept(writer, null);
    return writer.getBuilder().toString();
  }

  private static boolean isWord(Column column) {
    return column.getTable() == null && WORDS.contains(Names.bare(column.getColumnName()));
  }

  private @Nullable Item item(Column column) {
    Table table = column.getTable();
    String name = Names.bare(column.getColumnName());
    return table == null || table.getName() == null
        ? unqualified(name)
        : qualified(Names.bare(table.getName()));
  }

  private @Nullable Item qualified(String table) {
    for (Item item : items) {
      if (item.name().equals(table)) {
        return item;
      }
    }
    return outer == null ? null : outer.qualified(table);
  }

  private @Nullable Item unqualified(String column) {
    Node left = merged.get(column);
    if (left != null) {
      return left.item();
    }
    List<Item> having = items.stream().filter(item -> mayHave(item, column)).toList();
    if (having.isEmpty()) {
      return outer == null ? null : outer.unqualified(column);
    }
    return having.size() == 1 ? having.getFirst() : null;
  }

  private static boolean mayHave(Item item, String column) {
    return switch (item) {
      case Item.Derived derived -> derived.query().column(column) != Query.NONE;
      default -> true;
    };
  }

  /** Which items an expression is over, and whether it is more than that. */
  private final class Reading extends ExpressionVisitorAdapter<Void> {
    private final Set<Item> found = new HashSet<>();
    private boolean lost;

    @Override
    public <S> Void visit(Column column, S context) {
      if (!isWord(column)) {
        Item item = item(column);
        lost |= item == null;
        if (item != null) {
          found.add(item);
        }
      }
      return null;
    }

    @Override
    public <S> Void visit(net.sf.jsqlparser.expression.Function function, S context) {
      lost |= Aggregates.isAggregate(function.getName());
      return super.visit(function, context);
    }

    @Override
    public <S> Void visit(net.sf.jsqlparser.expression.AnalyticExpression expression, S context) {
      lost = true;
      return null;
    }

    @Override
    public <S> Void visit(ParenthesedSelect select, S context) {
      lost = true;
      return null;
    }

    @Override
    public <S> Void visit(Select select, S context) {
      lost = true;
      return null;
    }
  }
}
