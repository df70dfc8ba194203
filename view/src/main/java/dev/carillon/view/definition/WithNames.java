package dev.carillon.view.definition;

import java.util.ArrayList;
import java.util.List;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.ParenthesedFromItem;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SetOperationList;
import net.sf.jsqlparser.statement.select.WithItem;
import org.jspecify.annotations.Nullable;

/**
 * The names that WITH gives anywhere in a query. A table of such a name might be the named query;
 * so it is never taken for a table.
 */
final class WithNames {

  private final List<String> names = new ArrayList<>();

  private WithNames() {}

  static List<String> in(Select select) {
    WithNames found = new WithNames();
    found.walk(select);
    return found.names;
  }

  private void walk(@Nullable Select select) {
    if (select == null) {
      return;
    }
    if (select.getWithItemsList() != null) {
      for (WithItem<?> item : select.getWithItemsList()) {
        names.add(item.getAliasName());
        if (item.getParenthesedStatement() instanceof ParenthesedSelect inner) {
          walk(inner);
        }
      }
    }
    switch (select) {
      case PlainSelect plain -> {
        from(plain.getFromItem());
        joins(plain.getJoins());
      }
      case ParenthesedSelect inner -> walk(inner.getSelect());
      case SetOperationList list -> list.getSelects().forEach(this::walk);
      default -> {}
    }
  }

  private void from(@Nullable FromItem item) {
    if (item instanceof ParenthesedSelect derived) {
      walk(derived);
    } else if (item instanceof ParenthesedFromItem inner) {
      from(inner.getFromItem());
      joins(inner.getJoins());
    }
  }

  private void joins(@Nullable List<Join> joins) {
    if (joins != null) {
      joins.forEach(join -> from(join.getFromItem()));
    }
  }
}
