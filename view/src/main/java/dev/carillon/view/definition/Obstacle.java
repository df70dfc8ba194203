package dev.carillon.view.definition;

import static java.util.Objects.requireNonNull;

import dev.carillon.view.Tier;

/**
 * Something that keeps a view from a tier.
 *
 * @param tier the tier that is out of reach
 * @param reason what stands in the way
 * @param hint what to change
 */
public record Obstacle(Tier tier, String reason, String hint) {

  public Obstacle {
    requireNonNull(tier, "tier is null");
    requireNonNull(reason, "reason is null");
    requireNonNull(hint, "hint is null");
  }

  /** The same in one line. */
  public String sentence() {
    return "not %s: %s. %s.".formatted(tier.word(), reason, hint);
  }
}
