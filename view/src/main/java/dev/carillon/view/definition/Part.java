package dev.carillon.view.definition;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;

/**
 * A grouped aggregate over one table, which a ledger can keep. All texts are SQL of the view's own
 * query.
 *
 * @param source the table, as the query names it
 * @param alias what the query calls the table inside this part
 * @param keys what is grouped by: columns or expressions; empty if all rows are one group
 * @param measures what is kept for each group, beside the number of its rows
 * @param where which rows belong; empty for all
 * @param outputNames keys that the query names by a column of its result: the table must have no
 *     column of such a name, which would mean another grouping
 */
public record Part(
    String source,
    String alias,
    List<String> keys,
    List<Measure> measures,
    String where,
    Set<String> outputNames) {

  /** The most parts of one view. */
  public static final int MAX_PARTS = 9;

  /** The most columns that are grouped by: what an index of PostgreSQL can hold. */
  public static final int MAX_KEYS = 32;

  public Part {
    requireNonNull(source, "source is null");
    requireNonNull(alias, "alias is null");
    keys = List.copyOf(keys);
    measures = List.copyOf(measures);
    requireNonNull(where, "where is null");
    outputNames = Set.copyOf(outputNames);
  }

  /** The column of the live view that has a key's value. */
  static String keyColumn(int index) {
    return "k" + (index + 1);
  }

  /** The column of the live view that has a measure's value. */
  static String measureColumn(int index) {
    return "m" + (index + 1);
  }
}
