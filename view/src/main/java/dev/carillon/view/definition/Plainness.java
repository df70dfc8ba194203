package dev.carillon.view.definition;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.AnalyticType;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.ExpressionVisitorAdapter;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.TimeKeyExpression;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.Select;
import org.jspecify.annotations.Nullable;

/**
 * Checks that an expression of a part depends on nothing but one row of its table, and writes its
 * columns in one way: without the table's name, and in lower case unless quoted.
 */
final class Plainness extends ExpressionVisitorAdapter<Void> {

  private static final Set<String> SYSTEM_COLUMNS =
      Set.of("ctid", "xmin", "xmax", "cmin", "cmax", "tableoid");

  private final String alias;
  private PartReader.@Nullable NotFound trouble;

  private Plainness(String alias) {
    this.alias = LiveText.folded(alias);
  }

  static Optional<PartReader.NotFound> check(Expression expression, String alias) {
    Plainness check = new Plainness(alias);
    expression.accept(check, null);
    return Optional.ofNullable(check.trouble);
  }

  @Override
  public <S> Void visit(Column column, S context) {
    String name = LiveText.folded(column.getColumnName());
    String table = column.getTable() == null ? null : column.getTable().getName();
    if (table != null && !LiveText.folded(table).equals(alias)) {
      refuse(
          "a counted query refers to %s, which is outside of it".formatted(column),
          "Group by the column, and join the result");
    } else if (name.equals(alias) || SYSTEM_COLUMNS.contains(name)) {
      refuse(column + " is no plain column", "Name a column");
    } else if (table == null && Wording.isBareCall(name)) {
      unsteady(name);
    }
    column.setTable(null);
    column.setColumnName(name);
    return super.visit(column, context);
  }

  @Override
  public <S> Void visit(Function function, S context) {
    function.setName(function.getName().toLowerCase(Locale.ROOT));
    if (Aggregates.isUnsteady(function.getName())) {
      unsteady(function.getName() + "()");
    }
    return super.visit(function, context);
  }

  @Override
  public <S> Void visit(AnalyticExpression expression, S context) {
    if (expression.getType() == AnalyticType.OVER
        || expression.getType() == AnalyticType.WITHIN_GROUP_OVER) {
      refuse("a window over groups", "Put the aggregate into WITH, and the window outside");
    }
    if (expression.getFilterExpression() != null) {
      expression.getFilterExpression().accept(this, context);
    }
    if (expression.getExpression() != null) {
      expression.getExpression().accept(this, context);
    }
    return null;
  }

  @Override
  public <S> Void visit(TimeKeyExpression expression, S context) {
    unsteady(expression.toString());
    return null;
  }

  @Override
  public <S> Void visit(ParenthesedSelect select, S context) {
    return visit((Select) select, context);
  }

  @Override
  public <S> Void visit(Select select, S context) {
    refuse("a counted query has a subquery", "Join outside of the counted query");
    return null;
  }

  @Override
  public <S> Void visit(AllTableColumns columns, S context) {
    refuse(columns + " stands for whole rows", "Name a column");
    return null;
  }

  @Override
  public <S> Void visit(AllColumns columns, S context) {
    return null;
  }

  private void unsteady(String name) {
    refuse(
        name + " gives another answer each time, so what was counted would change by itself",
        "Group by the time, cut to a minute or a day, and compare it when the view is read");
  }

  private void refuse(String reason, String hint) {
    if (trouble == null) {
      trouble = new PartReader.NotFound(reason, hint);
    }
  }
}
