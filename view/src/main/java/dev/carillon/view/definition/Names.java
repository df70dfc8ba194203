package dev.carillon.view.definition;

import java.util.Locale;
import java.util.Set;

/** Names as PostgreSQL reads them. */
final class Names {

  /**
   * The key words that are no column's name unless quoted: PostgreSQL 18, appendix C, "reserved" in
   * either way; and {@code unknown}, which is a value in {@code IS UNKNOWN}.
   */
  private static final Set<String> RESERVED =
      Set.of(
          """
          all analyse analyze and any array as asc asymmetric authorization binary both case cast
          check collate collation column concurrently constraint create cross current_catalog
          current_date current_role current_schema current_time current_timestamp current_user
          default deferrable desc distinct do else end except false fetch for foreign freeze from
          full grant group having ilike in initially inner intersect into is isnull join lateral
          leading left like limit localtime localtimestamp natural not notnull null offset on only
          or order outer overlaps placing primary references returning right select session_user
          similar some symmetric system_user table tablesample then to trailing true union unique
          unknown user using variadic verbose when where window with\
          """
              .split("\\s+"));

  private Names() {}

  /** Whether a name must be quoted, though it is in lower case. */
  static boolean isReserved(String bare) {
    return RESERVED.contains(bare);
  }

  /** The name itself: lower case unless it is quoted. */
  static String bare(String written) {
    return written.startsWith("\"") && written.length() > 1
        ? written.substring(1, written.length() - 1).replace("\"\"", "\"")
        : written.toLowerCase(Locale.ROOT);
  }

  /** A name in SQL, whatever is in it. */
  static String quoted(String bare) {
    return "\"" + bare.replace("\"", "\"\"") + "\"";
  }
}
