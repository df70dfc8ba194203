package dev.carillon.view.definition;

import dev.carillon.view.definition.Item.Node;
import dev.carillon.view.definition.Query.Block;
import dev.carillon.view.definition.Query.Equality;
import dev.carillon.view.definition.Query.Nested;
import dev.carillon.view.definition.Query.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.AnalyticType;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.ExpressionVisitorAdapter;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.WindowDefinition;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.InExpression;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;
import org.jspecify.annotations.Nullable;

/** Reads what one SELECT says of its FROM: results, equalities, and subqueries of expressions. */
final class BlockReader {

  private final QueryModel model;
  private final Block block;
  private final Scope scope;

  BlockReader(QueryModel model, Block block, Scope scope) {
    this.model = model;
    this.block = block;
    this.scope = scope;
  }

  /** Reads all but the FROM, which must have been read. */
  void read(PlainSelect plain) {
    boolean aggregate = AggregateSearch.isAggregate(plain);
    boolean sets =
        plain.getGroupBy() != null
            && (!plain.getGroupBy().getGroupingSets().isEmpty()
                || plain.getGroupBy().isMysqlWithRollup()
                || plain.getGroupBy().toString().matches("(?is).*\\b(rollup|cube)\\s*\\(.*"));
    block.mixed = QueryModel.isLimited(plain) || sets || (aggregate && plain.getGroupBy() == null);
    for (SelectItem<?> item : plain.getSelectItems()) {
      output(item);
    }
    if (plain.getDistinct() != null && plain.getDistinct().getOnSelectItems() != null) {
      List<SelectItem<?>> on = plain.getDistinct().getOnSelectItems();
      partition(on.stream().<Expression>map(SelectItem::getExpression).toList());
    }
    if (plain.getWindowDefinitions() != null) {
      plain.getWindowDefinitions().forEach(this::window);
    }
    condition(plain.getWhere());
    look(plain.getHaving());
    if (plain.getGroupBy() != null && plain.getGroupBy().getGroupByExpressionList() != null) {
      for (Object expression : plain.getGroupBy().getGroupByExpressionList()) {
        look((Expression) expression);
      }
    }
    if (plain.getOrderByElements() != null) {
      plain.getOrderByElements().forEach(element -> look(element.getExpression()));
    }
  }

  /**
   * Reads a join.
   *
   * @param first the first item that it joins
   * @param left how many items stood before its right side
   */
  void join(Join join, int first, int left) {
    if (join.isNatural()) {
      throw new QueryModel.Unreadable("NATURAL joins by names", "Write the columns ON or USING");
    }
    if (join.isApply() || join.isSemi() || join.isWindowJoin() || join.isGlobal()) {
      throw new QueryModel.Unreadable(
          "a join is of an unknown kind", "Write it as JOIN or LEFT JOIN");
    }
    boolean onesided = join.isLeft() || join.isRight() || join.isFull();
    int conditions = join.getOnExpressions().size();
    boolean using = join.getUsingColumns() != null && !join.getUsingColumns().isEmpty();
    if (conditions > 1 || (onesided && conditions == 0 && !using)) {
      throw new QueryModel.Unreadable(
          "joins are nested without parentheses", "Write A JOIN (B JOIN C ON ...) ON ...");
    }
    List<Item> before = block.items.subList(first, left);
    List<Item> after = block.items.subList(left, block.items.size());
    if (join.isLeft() || join.isFull()) {
      after.forEach(Item::makeMissing);
    }
    if (join.isRight() || join.isFull()) {
      before.forEach(Item::makeMissing);
    }
    List<Item> missing = join.isLeft() ? List.copyOf(after) : List.copyOf(before);
    boolean outer = join.isLeft() || join.isRight();
    for (Expression on : join.getOnExpressions()) {
      for (Expression part : conjuncts(on)) {
        look(part);
        if (!join.isFull()) {
          equality(part, outer ? missing : null);
        }
      }
    }
    for (Column column :
        join.getUsingColumns() == null ? List.<Column>of() : join.getUsingColumns()) {
      using(column, before, after, join);
    }
  }

  private void using(Column column, List<Item> before, List<Item> after, Join join) {
    Node one = QueryModel.column(before, column);
    Node other = QueryModel.column(after, column);
    if (one == null || other == null || join.isFull()) {
      throw new QueryModel.Unreadable(
          "USING (%s) leaves open whose column it is".formatted(column), "Write ON a.x = b.x");
    }
    boolean outer = join.isLeft() || join.isRight();
    block.equalities.add(
        join.isRight() ? new Equality(other, one, true) : new Equality(one, other, outer));
    scope.merge(Names.bare(column.getColumnName()), join.isRight() ? other : one);
  }

  /** Notes the subqueries of an expression, and its windows. */
  void look(@Nullable Expression expression) {
    if (expression != null) {
      expression.accept(new Looking(), null);
    }
  }

  private void condition(@Nullable Expression where) {
    if (where == null) {
      return;
    }
    for (Expression part : conjuncts(where)) {
      if (part instanceof InExpression in
          && !in.isNot()
          && in.getRightExpression() instanceof ParenthesedSelect inner) {
        look(in.getLeftExpression());
        block.nested.add(new Nested(model.read(inner, scope), scope.node(in.getLeftExpression())));
      } else {
        look(part);
        equality(part, null);
      }
    }
  }

  /**
   * Notes an equality.
   *
   * @param missing items that are missing where it does not hold; null if no row is
   */
  private void equality(Expression part, @Nullable List<Item> missing) {
    if (!(part instanceof EqualsTo equal)) {
      return;
    }
    Node one = scope.node(equal.getLeftExpression());
    Node other = scope.node(equal.getRightExpression());
    if (one == null || other == null) {
      return;
    }
    if (missing == null) {
      block.equalities.add(new Equality(one, other, false));
    } else if (missing.contains(other.item()) && !missing.contains(one.item())) {
      block.equalities.add(new Equality(one, other, true));
    } else if (missing.contains(one.item()) && !missing.contains(other.item())) {
      block.equalities.add(new Equality(other, one, true));
    }
  }

  private static List<Expression> conjuncts(Expression expression) {
    List<Expression> found = new ArrayList<>();
    conjuncts(expression, found);
    return found;
  }

  private static void conjuncts(Expression expression, List<Expression> found) {
    if (expression instanceof AndExpression and) {
      conjuncts(and.getLeftExpression(), found);
      conjuncts(and.getRightExpression(), found);
    } else if (expression instanceof ParenthesedExpressionList<?> list && list.size() == 1) {
      conjuncts(list.getFirst(), found);
    } else {
      found.add(expression);
    }
  }

  private void output(SelectItem<?> item) {
    Expression expression = item.getExpression();
    switch (expression) {
      case AllTableColumns all -> {
        String table = Names.bare(all.getTable().getName());
        star(block.items.stream().filter(one -> one.name().equals(table)).toList());
      }
      case AllColumns _ -> star(block.items);
      default -> {
        look(expression);
        block.outputs.add(new Output(name(item), scope.node(expression)));
      }
    }
  }

  private void star(List<Item> items) {
    for (Item item : items) {
      switch (item) {
        case Item.Base base -> block.open.add(base);
        case Item.Derived derived -> {
          for (String column : derived.query().names()) {
            block.outputs.add(new Output(column, new Node(item, Names.quoted(column), column)));
          }
        }
        case Item.Other _ -> {}
      }
    }
  }

  private static String name(SelectItem<?> item) {
    if (item.getAlias() != null) {
      return Names.bare(item.getAlias().getName());
    }
    return switch (item.getExpression()) {
      case Column column -> Names.bare(column.getColumnName());
      case Function function -> Aggregates.bare(function.getName());
      case AnalyticExpression analytic -> Aggregates.bare(analytic.getName());
      default -> "";
    };
  }

  private void partition(@Nullable List<? extends Expression> expressions) {
    block.partitions.add(
        expressions == null
            ? List.of()
            : expressions.stream().map(scope::node).filter(Objects::nonNull).toList());
  }

  private void window(WindowDefinition definition) {
    ExpressionList<?> by = definition.getPartitionExpressionList();
    partition(by == null ? null : by.stream().map(Expression.class::cast).toList());
  }

  private final class Looking extends ExpressionVisitorAdapter<Void> {

    @Override
    public <S> Void visit(AnalyticExpression expression, S context) {
      if (expression.getType() == AnalyticType.OVER
          || expression.getType() == AnalyticType.WITHIN_GROUP_OVER) {
        if (expression.getWindowName() == null) {
          ExpressionList<?> by = expression.getPartitionExpressionList();
          partition(by == null ? null : by.stream().map(Expression.class::cast).toList());
        }
      }
      return super.visit(expression, context);
    }

    @Override
    public <S> Void visit(ParenthesedSelect select, S context) {
      return visit((Select) select, context);
    }

    @Override
    public <S> Void visit(Select select, S context) {
      block.nested.add(new Nested(model.read(select, scope), null));
      return null;
    }
  }
}
