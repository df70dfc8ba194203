package dev.carillon.view.registry;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Which rows of a view somebody wants.
 *
 * @param filters all must hold
 * @param sort by which columns, the first counts most; none for the order of the columns
 * @param limit the most rows, from 1 to {@link #MAX_LIMIT}
 * @param offset how many rows are passed over, to {@link #MAX_OFFSET}
 */
public record RowQuery(List<Filter> filters, List<Sort> sort, int limit, int offset) {

  /** The most rows of a page. */
  public static final int MAX_LIMIT = 1_000;

  /** How many rows can be passed over: who wants more reads the view in SQL. */
  public static final int MAX_OFFSET = 100_000;

  /** The most filters. */
  public static final int MAX_FILTERS = 20;

  public RowQuery {
    filters = List.copyOf(filters);
    sort = List.copyOf(sort);
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException(
          "limit must be from 1 to %d, not %d".formatted(MAX_LIMIT, limit));
    }
    if (offset < 0 || offset > MAX_OFFSET) {
      throw new IllegalArgumentException(
          "offset must be from 0 to %d, not %d".formatted(MAX_OFFSET, offset));
    }
    if (filters.size() > MAX_FILTERS || sort.size() > MAX_FILTERS) {
      throw new IllegalArgumentException(
          "at most %d filters and columns to sort by are allowed".formatted(MAX_FILTERS));
    }
  }

  /** How a column is compared. */
  public enum Comparison {
    EQ("="),
    NE("<>"),
    LT("<"),
    LTE("<="),
    GT(">"),
    GTE(">=");

    private final String operator;

    Comparison(String operator) {
      this.operator = operator;
    }

    String operator() {
      return operator;
    }
  }

  /** A column is compared with a value, which is read as the column's type. */
  public record Filter(String column, Comparison comparison, String value) {
    public Filter {
      requireNonNull(column, "column is null");
      requireNonNull(comparison, "comparison is null");
      requireNonNull(value, "value is null");
    }
  }

  /** A column to sort by. */
  public record Sort(String column, boolean descending) {
    public Sort {
      requireNonNull(column, "column is null");
    }
  }
}
