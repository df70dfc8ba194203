package dev.carillon.view.definition;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import net.sf.jsqlparser.expression.Alias;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.ExtractExpression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.TimezoneExpression;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.SelectItem;
import net.sf.jsqlparser.util.deparser.ExpressionDeParser;
import org.jspecify.annotations.Nullable;

/**
 * Writes expressions over groups as expressions over the columns of a live view: a key becomes its
 * column, an aggregate what is kept for it.
 */
final class LiveText {

  /** What the rewritten query calls the live view. */
  static final String ALIAS = "p";

  private static final Set<String> WORDS = Set.of("true", "false", "null", "unknown");

  private final List<String> keys;
  private final List<Measure> measures = new ArrayList<>();
  private PartReader.@Nullable NotFound trouble;

  LiveText(List<String> keys) {
    this.keys = keys;
  }

  List<Measure> measures() {
    return measures;
  }

  PartReader.@Nullable NotFound trouble() {
    return trouble;
  }

  /** Reads an expression: notes its measures, and what stands in the way. */
  void read(Expression expression) {
    write(expression);
    String copied = new ExpressionDeParserOf(null).text(expression);
    if (!copied.replaceAll("\\s+", "").equals(expression.toString().replaceAll("\\s+", ""))) {
      refuse(expression + " cannot be rewritten", "Put the aggregate alone into WITH");
    }
  }

  /** The expression over the live view, as something that stands in for a column. */
  Column column(Expression expression) {
    return new Column(write(expression));
  }

  /** The column of a result, over the live view, under the name that it has now. */
  SelectItem<?> column(SelectItem<?> item) {
    Expression expression = item.getExpression();
    Alias alias = item.getAlias();
    if (alias == null) {
      alias = defaultName(expression).map(name -> new Alias(name, true)).orElse(null);
    }
    return new SelectItem<>(column(expression), alias);
  }

  /** A name as PostgreSQL reads it: lower case unless quoted; quotes stay where they are needed. */
  static String folded(String name) {
    if (!name.startsWith("\"")) {
      return name.toLowerCase(Locale.ROOT);
    }
    String bare = name.substring(1, name.length() - 1);
    return bare.matches("[a-z_][a-z0-9_]*") && !Names.isReserved(bare) ? bare : name;
  }

  private String write(Expression expression) {
    return new ExpressionDeParserOf(this).text(expression);
  }

  /** What PostgreSQL calls a column of a result that has no name. */
  private static Optional<String> defaultName(Expression expression) {
    return switch (expression) {
      case Column column -> Optional.of(column.getColumnName());
      case Function function -> Optional.of(Aggregates.bare(function.getName()));
      case AnalyticExpression analytic -> Optional.of(Aggregates.bare(analytic.getName()));
      default -> Optional.empty();
    };
  }

  private @Nullable String replacement(Expression expression) {
    int key = keys.indexOf(expression.toString());
    return key < 0 ? null : ALIAS + "." + Part.keyColumn(key);
  }

  private @Nullable String aggregate(Function function) {
    if (!Aggregates.isAggregate(function.getName())) {
      return null;
    }
    boolean plain =
        !function.isDistinct()
            && !function.isUnique()
            && function.getOrderByElements() == null
            && function.getKeep() == null;
    if (!Aggregates.isLinear(function.getName()) || !plain) {
      return notLinear(function.getName(), function.isDistinct());
    }
    if (function.getParameters() == null || function.getParameters().size() != 1) {
      return notLinear(function.getName(), false);
    }
    return kept(function.getName(), function.getParameters().get(0), "");
  }

  private @Nullable String aggregate(AnalyticExpression expression) {
    Expression filter = expression.getFilterExpression();
    if (!Aggregates.isLinear(expression.getName()) || expression.isDistinct()) {
      return notLinear(expression.getName(), expression.isDistinct());
    }
    Expression argument = expression.isAllColumns() ? new AllColumns() : expression.getExpression();
    if (argument == null || filter == null || expression.getOrderByElements() != null) {
      return notLinear(expression.getName(), false);
    }
    return kept(expression.getName(), argument, filter.toString());
  }

  private String kept(String function, Expression argument, String filter) {
    String name = Aggregates.bare(function);
    String text = argument.toString();
    if (name.equals("count")) {
      return text.equals("*") && filter.isEmpty()
          ? ALIAS + ".rows"
          : measure(Measure.Kind.COUNT, text, filter);
    }
    String count = measure(Measure.Kind.COUNT, text, filter);
    String sum = measure(Measure.Kind.SUM, text, filter);
    return name.equals("sum")
        ? "(CASE WHEN %s <> 0 THEN %s END)".formatted(count, sum)
        : "(CAST(%s AS numeric) / nullif(%s, 0))".formatted(sum, count);
  }

  private String measure(Measure.Kind kind, String argument, String filter) {
    Measure measure = new Measure(kind, argument, filter);
    int index = measures.indexOf(measure);
    if (index < 0) {
      index = measures.size();
      measures.add(measure);
    }
    return ALIAS + "." + Part.measureColumn(index);
  }

  private String notLinear(String function, boolean distinct) {
    refuse(
        distinct
            ? function + "(DISTINCT ...) cannot be added up from changes"
            : function + "(...) cannot be added up from changes",
        distinct
            ? "Group by the distinct column, too, and count the groups outside"
            : Aggregates.hint(function));
    return "";
  }

  private void refuse(String reason, String hint) {
    if (trouble == null) {
      trouble = new PartReader.NotFound(reason, hint);
    }
  }

  /** The deparser, with our words in place of keys and aggregates; without them a mere copy. */
  private static final class ExpressionDeParserOf extends ExpressionDeParser {

    private final @Nullable LiveText live;

    private ExpressionDeParserOf(@Nullable LiveText live) {
      this.live = live;
    }

    private String text(Expression expression) {
      if (!put(expression)) {
        expression.accept(this, null);
      }
      return getBuilder().toString();
    }

    private boolean put(Expression expression) {
      return live != null && put(live.replacement(expression));
    }

    private boolean put(@Nullable String text) {
      if (text != null) {
        getBuilder().append(text);
      }
      return text != null;
    }

    @Override
    public <S> StringBuilder visit(Column column, S context) {
      if (put(column)) {
        return getBuilder();
      }
      if (live != null && !WORDS.contains(column.toString().toLowerCase(Locale.ROOT))) {
        live.refuse(
            "%s is neither grouped by nor inside count, sum or avg".formatted(column),
            "Group by it, or join its table outside");
      }
      return super.visit(column, context);
    }

    @Override
    public <S> StringBuilder visit(Function function, S context) {
      boolean done = live != null && (put(function) || put(live.aggregate(function)));
      return done ? getBuilder() : super.visit(function, context);
    }

    @Override
    public <S> StringBuilder visit(AnalyticExpression expression, S context) {
      boolean done = live != null && put(live.aggregate(expression));
      return done ? getBuilder() : super.visit(expression, context);
    }

    @Override
    public <S> StringBuilder visit(CastExpression expression, S context) {
      return put(expression) ? getBuilder() : super.visit(expression, context);
    }

    @Override
    public <S> StringBuilder visit(TimezoneExpression expression, S context) {
      return put(expression) ? getBuilder() : super.visit(expression, context);
    }

    @Override
    public <S> StringBuilder visit(ExtractExpression expression, S context) {
      return put(expression) ? getBuilder() : super.visit(expression, context);
    }

    @Override
    public <S> StringBuilder visit(AllColumns columns, S context) {
      if (live != null) {
        live.refuse("* stands for all columns", "Name the columns");
      }
      return super.visit(columns, context);
    }
  }
}
