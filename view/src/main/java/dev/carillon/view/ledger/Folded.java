package dev.carillon.view.ledger;

/**
 * What a fold did.
 *
 * @param rows ledger rows that are gone
 * @param groups base rows that changed
 * @param busy whether another process was at a part, so that nothing was done to it
 */
public record Folded(long rows, long groups, boolean busy) {

  /** The most ledger rows of one part that one fold takes. */
  public static final int MAX_ROWS = 100_000;

  static final Folded NOTHING = new Folded(0, 0, false);

  Folded plus(Folded other) {
    return new Folded(rows + other.rows, groups + other.groups, busy || other.busy);
  }

  /** Whether more rows are likely to be there, so that another fold should follow at once. */
  public boolean isFull() {
    return rows >= MAX_ROWS;
  }
}
