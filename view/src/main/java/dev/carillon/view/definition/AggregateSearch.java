package dev.carillon.view.definition;

import java.util.ArrayList;
import java.util.List;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.AnalyticType;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.ExpressionVisitorAdapter;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;
import org.jspecify.annotations.Nullable;

/** Finds out whether a SELECT aggregates, itself or in a subquery of its expressions. */
final class AggregateSearch extends ExpressionVisitorAdapter<Void> {

  private boolean aggregates;
  private final List<PlainSelect> subqueries = new ArrayList<>();

  private AggregateSearch() {}

  /** Whether a SELECT makes one row of many. */
  static boolean isAggregate(PlainSelect plain) {
    if (plain.getGroupBy() != null || plain.getHaving() != null) {
      return true;
    }
    AggregateSearch search = new AggregateSearch();
    plain.getSelectItems().forEach(item -> search.look(item.getExpression()));
    return search.aggregates;
  }

  /** Subqueries in the expressions of a SELECT that aggregate a whole table. */
  static List<String> uncorrelated(PlainSelect plain) {
    AggregateSearch search = new AggregateSearch();
    for (SelectItem<?> item : plain.getSelectItems()) {
      search.look(item.getExpression());
    }
    search.look(plain.getWhere());
    if (plain.getJoins() != null) {
      for (Join join : plain.getJoins()) {
        join.getOnExpressions().forEach(search::look);
      }
    }
    return search.subqueries.stream()
        .filter(inner -> inner.getWhere() == null && isAggregate(inner))
        .map(PlainSelect::toString)
        .toList();
  }

  private void look(@Nullable Expression expression) {
    if (expression != null) {
      expression.accept(this, null);
    }
  }

  @Override
  public <S> Void visit(Function function, S context) {
    aggregates |= Aggregates.isAggregate(function.getName());
    return super.visit(function, context);
  }

  @Override
  public <S> Void visit(AnalyticExpression expression, S context) {
    boolean window =
        expression.getType() == AnalyticType.OVER
            || expression.getType() == AnalyticType.WITHIN_GROUP_OVER;
    aggregates |= !window && Aggregates.isAggregate(expression.getName());
    return super.visit(expression, context);
  }

  @Override
  public <S> Void visit(ParenthesedSelect select, S context) {
    return visit((Select) select, context);
  }

  @Override
  public <S> Void visit(Select select, S context) {
    Select inner = select instanceof ParenthesedSelect outer ? outer.getSelect() : select;
    if (inner instanceof PlainSelect plain) {
      subqueries.add(plain);
    }
    return null;
  }
}
