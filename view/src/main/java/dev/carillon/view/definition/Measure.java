package dev.carillon.view.definition;

import static java.util.Objects.requireNonNull;

/**
 * A number that a ledger keeps for each group, and that can be added up: a count or a sum.
 *
 * @param kind what it is
 * @param argument what is counted or added, in SQL; {@code *} for rows
 * @param filter which rows take part, a condition in SQL; empty for all
 */
public record Measure(Kind kind, String argument, String filter) {

  /** What a measure does with its argument. */
  public enum Kind {
    /** Counts the rows whose argument is not null. */
    COUNT,
    /** Adds the arguments that are not null; 0 if there are none. */
    SUM
  }

  public Measure {
    requireNonNull(kind, "kind is null");
    requireNonNull(argument, "argument is null");
    requireNonNull(filter, "filter is null");
  }

  /** The measure as an aggregate that is never null. */
  public String sql() {
    String filtered = filter.isEmpty() ? "" : " FILTER (WHERE " + filter + ")";
    return switch (kind) {
      case COUNT -> "count(" + argument + ")" + filtered;
      case SUM -> "coalesce(sum(" + argument + ")" + filtered + ", 0)";
    };
  }
}
