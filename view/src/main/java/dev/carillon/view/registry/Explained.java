package dev.carillon.view.registry;

import static java.util.Objects.requireNonNull;

import dev.carillon.view.Tier;
import dev.carillon.view.definition.Obstacle;
import dev.carillon.view.definition.Part;
import java.util.List;

/** How fresh a query can be kept, and what would make it fresher. */
public sealed interface Explained {

  /**
   * It can be kept.
   *
   * @param tier the best way
   * @param key the columns that tell its rows apart: those that were given, or were found for keys
   *     that are run again
   * @param parts what a ledger can keep of it
   * @param obstacles what stands in the way of better ones
   */
  record Possible(Tier tier, List<String> key, List<Part> parts, List<Obstacle> obstacles)
      implements Explained {
    public Possible {
      requireNonNull(tier, "tier is null");
      key = List.copyOf(key);
      parts = List.copyOf(parts);
      obstacles = List.copyOf(obstacles);
    }
  }

  /**
   * The query cannot be read.
   *
   * @param position where the trouble begins, in characters from 1
   */
  record Invalid(int position, String reason) implements Explained {}
}
