package dev.carillon.view.definition;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;

/**
 * How a view can be kept by running its query for the touched keys only. Whether its key is unique,
 * of the same type everywhere and reached by an index is for the database to say.
 *
 * @param key the columns of the result that tell its rows apart, unquoted
 * @param touched those of them that every table's row tells: what is recorded of a write
 * @param sources the tables, each as often as the query reads it
 * @param aliases names of results that are grouped by: a table's column of such a name would mean
 *     another grouping
 * @param functions names that may be functions, to be looked up whether one is volatile
 */
public record KeyedPlan(
    List<String> key,
    List<String> touched,
    List<KeySource> sources,
    Set<String> aliases,
    Set<String> functions) {

  /** The most columns of a key: what an index of PostgreSQL can hold. */
  public static final int MAX_KEYS = 32;

  public KeyedPlan {
    key = List.copyOf(key);
    touched = List.copyOf(touched);
    sources = List.copyOf(sources);
    aliases = Set.copyOf(aliases);
    functions = Set.copyOf(functions);
    if (touched.isEmpty() || !key.containsAll(touched)) {
      throw new IllegalArgumentException(
          "touched must be some columns of the key %s, not %s".formatted(key, touched));
    }
  }

  /**
   * A table in a place where the query reads it.
   *
   * @param table as the query names it
   * @param alias what it is called there, in SQL
   * @param keys for each touched column what equals it
   */
  public record KeySource(String table, String alias, List<KeyExpression> keys) {

    public KeySource {
      requireNonNull(table, "table is null");
      requireNonNull(alias, "alias is null");
      keys = List.copyOf(keys);
    }
  }

  /**
   * An expression over a table's row.
   *
   * @param sql the expression, its columns without the table's name
   * @param nulls whether a row with NULL there has a part in the result
   */
  public record KeyExpression(String sql, boolean nulls) {

    public KeyExpression {
      requireNonNull(sql, "sql is null");
    }
  }
}
