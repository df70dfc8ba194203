package dev.carillon.view.keeper;

import org.jspecify.annotations.Nullable;

/**
 * What a look at the coverage found.
 *
 * @param exact whether the view is exact now
 * @param reason why it is not, or was not before it was filled anew; null if nothing was wrong
 * @param resynced whether it was filled anew
 */
public record Verdict(boolean exact, @Nullable String reason, boolean resynced) {

  /** Nothing is wrong. */
  public static final Verdict SURE = new Verdict(true, null, false);

  /** Both together: of a view that has several parts. */
  public Verdict and(Verdict other) {
    return new Verdict(
        exact && other.exact,
        reason == null || (exact && !other.exact) ? other.reason : reason,
        resynced || other.resynced);
  }
}
