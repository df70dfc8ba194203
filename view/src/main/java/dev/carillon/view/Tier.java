package dev.carillon.view;

import java.util.Locale;

/** How a view is kept fresh, the best first. */
public enum Tier {
  /** Exact at every read: the writers' own transactions append signed rows that a reader adds. */
  LEDGER,

  /** The view's query is run again for the keys that were touched. */
  KEYED,

  /** The whole query is run again: {@code REFRESH MATERIALIZED VIEW}. */
  FULL;

  /** As the API, the command line and the tables write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
