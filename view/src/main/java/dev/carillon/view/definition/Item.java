package dev.carillon.view.definition;

import org.jspecify.annotations.Nullable;

/** What stands in a FROM; each place is another item, even of the same table. */
abstract sealed class Item {

  private final String name;
  private boolean missing;

  private Item(String name) {
    this.name = name;
  }

  /** What the query calls it, unquoted. */
  final String name() {
    return name;
  }

  /** Whether an outer join may put NULLs in its place. */
  final boolean canBeMissing() {
    return missing;
  }

  final void makeMissing() {
    missing = true;
  }

  /** A table. */
  static final class Base extends Item {
    private final String table;

    Base(String table, String name) {
      super(name);
      this.table = table;
    }

    /** As the query names it. */
    String table() {
      return table;
    }
  }

  /** A subquery or a name of WITH. */
  static final class Derived extends Item {
    private final Query query;
    private final boolean lateral;

    Derived(String name, Query query, boolean lateral) {
      super(name);
      this.query = query;
      this.lateral = lateral;
    }

    Query query() {
      return query;
    }

    boolean isLateral() {
      return lateral;
    }
  }

  /** A function or VALUES: nobody writes to it. */
  static final class Other extends Item {
    Other(@Nullable String name) {
      super(name == null ? "" : name);
    }
  }

  /**
   * An expression over one item.
   *
   * @param sql with its columns unqualified and quoted
   * @param column the column that it is, unquoted; null if it is more than that
   */
  record Node(Item item, String sql, @Nullable String column) {}
}
