package dev.carillon.view.definition;

import java.util.Optional;
import java.util.stream.Stream;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SetOperationList;
import net.sf.jsqlparser.statement.select.WithItem;

/** What may stand in a SELECT but not in a view: it would change or lock something. */
final class Refusals {

  private Refusals() {}

  static Optional<String> in(Select select) {
    if (select.getForMode() != null || select.getForClause() != null) {
      return Optional.of("a view cannot lock rows: leave the FOR clause out");
    }
    if (select.getWithItemsList() != null) {
      for (WithItem<?> item : select.getWithItemsList()) {
        Optional<String> found =
            item.getParenthesedStatement() instanceof ParenthesedSelect inner
                ? in(inner)
                : Optional.of("a view cannot change rows: %s does".formatted(item.getAliasName()));
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return switch (select) {
      case PlainSelect plain
          when plain.getIntoTables() != null && !plain.getIntoTables().isEmpty() ->
          Optional.of("a view cannot make a table: leave INTO out");
      case PlainSelect plain -> derived(plain).flatMap(one -> in(one).stream()).findFirst();
      case ParenthesedSelect inner -> in(inner.getSelect());
      case SetOperationList list ->
          list.getSelects().stream().flatMap(one -> in(one).stream()).findFirst();
      default -> Optional.empty();
    };
  }

  private static Stream<Select> derived(PlainSelect plain) {
    Stream<FromItem> joined =
        plain.getJoins() == null ? Stream.of() : plain.getJoins().stream().map(Join::getFromItem);
    return Stream.concat(Stream.ofNullable(plain.getFromItem()), joined)
        .filter(ParenthesedSelect.class::isInstance)
        .map(Select.class::cast);
  }
}
