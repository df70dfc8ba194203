package dev.carillon.view.capture;

import dev.carillon.view.definition.ViewQuery;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** What only the database can say of a query. Each check must run in a transaction. */
public final class QueryCheck {

  private static final String SAVEPOINT = "carillon_check";

  private QueryCheck() {}

  /**
   * Whether the database reads a query as we did: the reason why not, or nothing.
   *
   * @return what is wrong, and what to do about it
   */
  public static Optional<Trouble> meaning(Handle handle, ViewQuery.Valid query) {
    try {
      return explain(handle, query.text()).equals(explain(handle, query.canonical()))
          ? Optional.empty()
          : Optional.of(
              new Trouble("the query cannot be read without a doubt", "Write it in a plainer way"));
    } catch (SqlRefusal e) {
      return Optional.of(
          new Trouble("the database refuses the query: " + e.getMessage(), "Correct it"));
    }
  }

  /** What of a table or its partitions keeps writes from being counted rightly, or nothing. */
  public static Optional<Trouble> source(Handle handle, String table) {
    return handle
        .createQuery(Capture.SQL.get("unfit"))
        .bind("relation", table)
        .map((row, _) ->
            row.getString("why").equals("secured")
                ? secured(row.getString("name"))
                : unlasting(row.getString("name")))
        .findFirst();
  }

  private static Trouble secured(String name) {
    return new Trouble(
        name + " has row level security: its triggers see all rows, and a reader may not",
        "Read a table without it, or ALTER TABLE %1$s DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY"
            .formatted(name));
  }

  private static Trouble unlasting(String name) {
    return new Trouble(
        name + " is not a lasting table: a crash empties it, and no trigger sees that",
        "ALTER TABLE %s SET LOGGED".formatted(name));
  }

  /**
   * What is wrong with a query.
   *
   * @param reason what it is
   * @param hint what to change
   */
  public record Trouble(String reason, String hint) {}

  /**
   * Whether expressions depend on nothing but a table's row: the database's words why not, or
   * nothing. The trick is an index, which takes nothing else.
   *
   * @param table its name in SQL
   * @param expressions over its columns
   */
  public static Optional<String> immutability(
      Handle handle, String table, List<String> expressions) {
    if (expressions.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> values =
        Map.of(
            "table",
            table,
            "shadow",
            Template.quoted(SAVEPOINT),
            "all_known",
            expressions.stream()
                .map("((%s) IS NOT NULL)"::formatted)
                .collect(Collectors.joining(" OR ")));
    handle.savepoint(SAVEPOINT);
    try {
      RawSql.execute(handle, Capture.TEMPLATE.fill("shadow", values));
      RawSql.execute(handle, Capture.TEMPLATE.fill("check_immutable", values));
      return Optional.empty();
    } catch (SqlRefusal e) {
      return Optional.of(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    } finally {
      handle.rollbackToSavepoint(SAVEPOINT);
    }
  }

  /** The columns of a query's result. */
  public static List<RawSql.ResultColumn> columns(Handle handle, String query) {
    return RawSql.columns(handle, Capture.TEMPLATE.fill("no_rows", Map.of("query", query)));
  }

  private static List<String> explain(Handle handle, String query) {
    return RawSql.lines(handle, Capture.TEMPLATE.fill("explain", Map.of("query", query)));
  }
}
