package dev.carillon.view.definition;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.GroupByElement;
import net.sf.jsqlparser.statement.select.OrderByElement;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.SelectItem;
import org.jspecify.annotations.Nullable;

/** Reads one aggregate over one table as a part that a ledger can keep, or says why not. */
final class PartReader {

  /** What was read. */
  sealed interface Reading {}

  /** A part, and how the query reads it. */
  record Found(Part part, PlainSelect select, LiveText text) implements Reading {

    /** Makes the query read the part's live view instead of the table. */
    void rewrite(String liveName) {
      select.setSelectItems(
          new ArrayList<>(
              select.getSelectItems().stream().<SelectItem<?>>map(text::column).toList()));
      select.setWhere(select.getHaving() == null ? null : text.column(select.getHaving()));
      select.setHaving(null);
      select.setGroupByElement(null);
      if (select.getOrderByElements() != null) {
        for (OrderByElement element : select.getOrderByElements()) {
          if (!isOutput(element.getExpression(), select)) {
            element.setExpression(text.column(element.getExpression()));
          }
        }
      }
      select.setFromItem(new LiveTable(liveName));
    }
  }

  /** A live view, whose name is SQL already. */
  private static final class LiveTable extends Table {
    private static final long serialVersionUID = 1L;

    private final String name;

    private LiveTable(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return name + " " + LiveText.ALIAS;
    }
  }

  /** Why a ledger cannot keep it. */
  record NotFound(String reason, String hint) implements Reading {}

  /** The reading ends here. */
  private static final class Unkeepable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient NotFound why;

    private Unkeepable(NotFound why) {
      super(why.reason(), null, false, false);
      this.why = why;
    }
  }

  private final PlainSelect select;
  private final Table table;
  private final String alias;
  private final Set<String> outputNames = new HashSet<>();

  PartReader(PlainSelect select, Table table) {
    this.select = select;
    this.table = table;
    this.alias = table.getAlias() == null ? table.getName() : table.getAlias().getName();
  }

  Reading read() {
    try {
      checkShape();
      List<Expression> all = expressions();
      for (Expression expression : all) {
        Plainness.check(expression, alias)
            .ifPresent(why -> {
              throw new Unkeepable(why);
            });
      }
      List<String> keys = keys();
      LiveText text = new LiveText(keys);
      checkRewritable(text);
      String where = select.getWhere() == null ? "" : select.getWhere().toString();
      Part part =
          new Part(table.getFullyQualifiedName(), alias, keys, text.measures(), where, outputNames);
      return new Found(part, select, text);
    } catch (Unkeepable e) {
      return e.why;
    }
  }

  private void checkShape() {
    if (table.getAlias() != null && table.getAlias().getAliasColumns() != null) {
      throw not("the columns of " + table + " are renamed", "Rename them in SELECT");
    }
    if (select.getJoins() != null && !select.getJoins().isEmpty()) {
      throw not(
          "an aggregate over a join cannot be kept by a ledger",
          "Count each table alone in a WITH, by the key of the join, and join the results");
    }
    if (select.isUsingOnly() || table.getSampleClause() != null || table.getPivot() != null) {
      throw not("ONLY, TABLESAMPLE and PIVOT read another set of rows", "Read the whole table");
    }
    if (select.getDistinct() != null && select.getDistinct().getOnSelectItems() != null) {
      throw not("DISTINCT ON keeps rows by their order", "Put the aggregate into WITH");
    }
    if (select.getWindowDefinitions() != null && !select.getWindowDefinitions().isEmpty()) {
      throw not("a window over groups", "Put the aggregate into WITH, and the window outside");
    }
    GroupByElement group = select.getGroupBy();
    if (group != null && (!group.getGroupingSets().isEmpty() || group.isMysqlWithRollup())) {
      throw not(
          "GROUPING SETS keep several groupings at once", "Write one WITH for each, and UNION ALL");
    }
  }

  private List<Expression> expressions() {
    List<Expression> all = new ArrayList<>();
    select.getSelectItems().forEach(item -> all.add(item.getExpression()));
    groupings().forEach(all::add);
    add(all, select.getWhere());
    add(all, select.getHaving());
    if (select.getOrderByElements() != null) {
      select.getOrderByElements().forEach(element -> all.add(element.getExpression()));
    }
    return all;
  }

  private static void add(List<Expression> all, @Nullable Expression expression) {
    if (expression != null) {
      all.add(expression);
    }
  }

  private List<Expression> groupings() {
    List<Expression> found = new ArrayList<>();
    if (select.getGroupBy() != null) {
      ExpressionList<?> list = select.getGroupBy().getGroupByExpressionList();
      if (list != null) {
        list.forEach(found::add);
      }
    }
    return found;
  }

  private List<String> keys() {
    List<String> keys = new ArrayList<>();
    for (Expression grouping : groupings()) {
      String key = key(grouping);
      if (key.toLowerCase(Locale.ROOT).matches("(rollup|cube)\\s*\\(.*")) {
        throw not("ROLLUP and CUBE keep several groupings at once", "Write one WITH for each");
      }
      if (!keys.contains(key)) {
        keys.add(key);
      }
    }
    if (keys.size() > Part.MAX_KEYS) {
      throw not("more than %d columns are grouped by".formatted(Part.MAX_KEYS), "Group by fewer");
    }
    return keys;
  }

  /** PostgreSQL takes a name for a column of the table first, and for one of the result then. */
  private String key(Expression grouping) {
    if (grouping instanceof LongValue ordinal) {
      int index = (int) ordinal.getValue();
      if (index < 1 || index > select.getSelectItems().size()) {
        throw not("GROUP BY " + index + " names no column of the result", "Name the column");
      }
      return select.getSelectItem(index - 1).getExpression().toString();
    }
    if (grouping instanceof Column column) {
      for (SelectItem<?> item : select.getSelectItems()) {
        if (item.getAlias() != null
            && LiveText.folded(item.getAlias().getName()).equals(column.toString())
            && !(item.getExpression() instanceof Column)) {
          outputNames.add(column.toString().replace("\"", ""));
          return item.getExpression().toString();
        }
      }
    }
    return grouping.toString();
  }

  private void checkRewritable(LiveText text) {
    for (SelectItem<?> item : select.getSelectItems()) {
      text.read(item.getExpression());
    }
    if (select.getHaving() != null) {
      text.read(select.getHaving());
    }
    if (select.getOrderByElements() != null) {
      for (OrderByElement element : select.getOrderByElements()) {
        if (!isOutput(element.getExpression(), select)) {
          text.read(element.getExpression());
        }
      }
    }
    NotFound trouble = text.trouble();
    if (trouble != null) {
      throw new Unkeepable(trouble);
    }
  }

  private static boolean isOutput(Expression expression, PlainSelect select) {
    if (expression instanceof LongValue) {
      return true;
    }
    return select.getSelectItems().stream()
        .anyMatch(item ->
            item.getAlias() != null
                && LiveText.folded(item.getAlias().getName()).equals(expression.toString()));
  }

  private static Unkeepable not(String reason, String hint) {
    return new Unkeepable(new NotFound(reason, hint));
  }
}
