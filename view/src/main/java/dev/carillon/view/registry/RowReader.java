package dev.carillon.view.registry;

import static java.util.Objects.requireNonNull;

import dev.carillon.view.ViewName;
import dev.carillon.view.upkeep.Failure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/**
 * Reads rows of views. Only columns that a view has come into a statement, quoted; values are
 * always bound. Safe for use by many threads.
 */
public final class RowReader {

  /** How long a read may take. */
  public static final Duration LIMIT = Duration.ofSeconds(10);

  private static final String CANNOT_READ_VALUE = "22";
  private static final String CANNOT_COMPARE = "42883";

  private final Jdbi jdbi;

  /** Reads through these connections. */
  public RowReader(Jdbi jdbi) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
  }

  /**
   * A page of rows.
   *
   * @param columns the view's columns and their types, in order
   * @param rows each as a JSON object
   * @param hasMore whether others follow
   */
  public record Rows(Map<String, String> columns, List<String> rows, boolean hasMore) {}

  /**
   * Reads rows of a view.
   *
   * @throws IllegalArgumentException if the view has no such column, a value is none of its type,
   *     or its type cannot be compared; in words
   * @throws IllegalStateException if the database has no such view
   */
  public Rows read(ViewName view, RowQuery query) {
    return jdbi.inTransaction(handle -> {
      Map<String, Column> columns = columns(handle, view);
      if (columns.isEmpty()) {
        throw new IllegalStateException("the database has no view " + view);
      }
      List<String> key = Relation.key(handle, view);
      List<String> read = page(handle, view, columns, key, query);
      boolean hasMore = read.size() > query.limit();
      Map<String, String> types = new LinkedHashMap<>();
      columns.forEach((name, column) -> types.put(name, column.type()));
      return new Rows(types, hasMore ? read.subList(0, query.limit()) : read, hasMore);
    });
  }

  /**
   * A column of a view.
   *
   * @param ordered whether its type has an order of its own
   */
  private record Column(String type, boolean ordered) {}

  private static Map<String, Column> columns(Handle handle, ViewName view) {
    Map<String, Column> columns = new LinkedHashMap<>();
    handle
        .createQuery(Relation.SQL.get("columns"))
        .bind("quoted", Relation.quoted(view.text()))
        .map((row, _) ->
            Map.entry(
                row.getString("name"),
                new Column(row.getString("type"), row.getBoolean("is_ordered"))))
        .forEach(column -> columns.put(column.getKey(), column.getValue()));
    return columns;
  }

  private static List<String> page(
      Handle handle, ViewName view, Map<String, Column> columns, List<String> key, RowQuery query) {
    List<String> conditions = new ArrayList<>(List.of("true"));
    for (int i = 0; i < query.filters().size(); i++) {
      RowQuery.Filter filter = query.filters().get(i);
      conditions.add(
          "v.%s %s CAST(:v%d AS %s)"
              .formatted(
                  known(columns, filter.column()),
                  filter.comparison().operator(),
                  i,
                  requireNonNull(columns.get(filter.column())).type()));
    }
    String sql =
        Relation.SQL
            .get("page")
            .replace("<name>", Relation.quoted(view.text()))
            .replace("<conditions>", String.join(" AND ", conditions))
            .replace("<order>", order(columns, key, query));
    handle
        .createQuery(Relation.SQL.get("statement_timeout"))
        .bind("millis", LIMIT.toMillis())
        .mapTo(String.class)
        .one();
    return run(handle, sql, query);
  }

  private static List<String> run(Handle handle, String sql, RowQuery query) {
    Query page =
        handle.createQuery(sql).bind("limit", query.limit() + 1).bind("offset", query.offset());
    for (int i = 0; i < query.filters().size(); i++) {
      page.bind("v" + i, query.filters().get(i).value());
    }
    try {
      return page.mapTo(String.class).list();
    } catch (UnableToExecuteStatementException e) {
      throw told(e, query);
    }
  }

  private static RuntimeException told(UnableToExecuteStatementException e, RowQuery query) {
    String state =
        e.getCause() instanceof SQLException cause ? String.valueOf(cause.getSQLState()) : "";
    if (state.startsWith(CANNOT_READ_VALUE)) {
      return new IllegalArgumentException(
          "a value is none of its column's type: " + Failure.words(e), e);
    }
    if (state.equals(CANNOT_COMPARE) && !(query.filters().isEmpty() && query.sort().isEmpty())) {
      return new IllegalArgumentException(
          "a column's type cannot be compared so: " + Failure.words(e), e);
    }
    return e;
  }

  /**
   * All columns are part of the order, so that pages neither repeat nor lose a row; those of a key
   * come first, where an index may give it.
   */
  private static String order(Map<String, Column> columns, List<String> key, RowQuery query) {
    Stream<String> wanted =
        query.sort().stream()
            .map(sort ->
                "v.%s %s NULLS LAST"
                    .formatted(known(columns, sort.column()), sort.descending() ? "DESC" : "ASC"));
    Stream<String> others =
        Stream.concat(key.stream(), columns.keySet().stream())
            .distinct()
            .map(name -> ordering(name, requireNonNull(columns.get(name))));
    return Stream.concat(wanted, others).collect(Collectors.joining(", "));
  }

  private static String ordering(String name, Column column) {
    return "v." + Relation.quoted(name) + (column.ordered() ? "" : "::text");
  }

  private static String known(Map<String, Column> columns, String column) {
    if (!columns.containsKey(column)) {
      throw new IllegalArgumentException(
          "there is no column %s; there are: %s"
              .formatted(column, String.join(", ", columns.keySet())));
    }
    return Relation.quoted(column);
  }
}
