package dev.carillon.view.optimisation;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What became of one optimisation.
 *
 * @param name its name
 * @param result what was done
 * @param found what was missing or different before; empty if nothing was
 * @param left what still is afterwards; empty if it was verified
 * @param took how long it took
 */
public record Step(
    String name, Result result, List<String> found, List<String> left, Duration took) {

  /** What was done. */
  public enum Result {
    /** It was made, or made whole. */
    APPLIED,
    /** Nothing had to be done. */
    ALREADY_THERE,
    /** It was removed; data was not. */
    ROLLED_BACK,
    /** There was nothing to remove. */
    NOT_THERE;

    /** As the command line writes it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  public Step {
    requireNonNull(name, "name is null");
    requireNonNull(result, "result is null");
    requireNonNull(took, "took is null");
    found = List.copyOf(found);
    left = List.copyOf(left);
  }

  /** Whether a look afterwards found all as it should be. */
  public boolean verified() {
    return left.isEmpty();
  }
}
