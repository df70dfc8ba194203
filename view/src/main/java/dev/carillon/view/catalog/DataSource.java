package dev.carillon.view.catalog;

import java.util.Locale;

/** Where an answer comes from. */
public enum DataSource {
  /** A view that is kept fresh. */
  CACHED,
  /** The tables themselves, counted for this answer. */
  REAL_TIME;

  /** As the API writes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
