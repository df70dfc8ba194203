package dev.carillon.view.ledger;

import dev.carillon.view.Tier;
import dev.carillon.view.capture.Facts;
import dev.carillon.view.capture.QueryCheck;
import dev.carillon.view.capture.RawSql;
import dev.carillon.view.definition.Measure;
import dev.carillon.view.definition.Obstacle;
import dev.carillon.view.definition.Part;
import dev.carillon.view.definition.ViewQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** What only the database knows of a query: its tables, its types, and what is immutable. */
final class DatabaseCheck {

  /** Sums of other types drift, such as those of floating point. */
  private static final Set<String> EXACT_TYPES = Set.of("int8", "numeric");

  private final Handle handle;
  private final List<Obstacle> obstacles = new ArrayList<>();

  private DatabaseCheck(Handle handle) {
    this.handle = handle;
  }

  /** What stands in the way; the transaction must be rolled back after it. */
  static List<Obstacle> obstacles(Handle handle, ViewQuery.Valid query) {
    DatabaseCheck check = new DatabaseCheck(handle);
    check.sameMeaning(query);
    if (check.obstacles.isEmpty()) {
      query.analysis().parts().forEach(check::part);
    }
    return check.obstacles;
  }

  /** The database itself says whether the reader understood the query as it does. */
  private void sameMeaning(ViewQuery.Valid query) {
    QueryCheck.meaning(handle, query)
        .ifPresent(trouble -> obstacle(trouble.reason(), trouble.hint()));
  }

  private void part(Part part) {
    if (!Facts.isLastingTable(handle, part.source())) {
      obstacle(
          part.source() + " is not a lasting table", "Count the table that its rows come from");
      return;
    }
    QueryCheck.source(handle, part.source())
        .ifPresent(trouble -> obstacle(trouble.reason(), trouble.hint()));
    part.outputNames().stream()
        .filter(name -> Facts.hasColumn(handle, part.source(), name))
        .forEach(name ->
            obstacle(
                "GROUP BY %s means the column of %s".formatted(name, part.source()),
                "Name the result otherwise, or group by the expression"));
    types(part);
    immutability(part);
  }

  private void types(Part part) {
    if (part.measures().isEmpty()) {
      return;
    }
    List<RawSql.ResultColumn> columns =
        RawSql.columns(handle, Ledger.TEMPLATE.fill("measure_types", PartTexts.of(part)));
    for (int i = 0; i < columns.size(); i++) {
      Measure measure = part.measures().get(i);
      if (!EXACT_TYPES.contains(columns.get(i).type())) {
        obstacle(
            "sum(%s) is of type %s, which adds up inexactly"
                .formatted(measure.argument(), columns.get(i).type()),
            "Store or cast it as numeric or bigint");
      }
    }
  }

  private void immutability(Part part) {
    QueryCheck.immutability(handle, part.source(), PartTexts.expressions(part))
        .ifPresent(words ->
            obstacle(
                "a key, a filter or a sum of %s does not depend on the row alone: %s"
                    .formatted(part.source(), words),
                "Use immutable functions, such as date_trunc of a time AT TIME ZONE 'UTC'"));
  }

  private void obstacle(String reason, String hint) {
    obstacles.add(new Obstacle(Tier.LEDGER, reason, hint));
  }
}
