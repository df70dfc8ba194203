package dev.carillon.server.view;

import dev.carillon.view.definition.Obstacle;
import dev.carillon.view.definition.Part;
import dev.carillon.view.registry.Explained;
import java.util.List;

/**
 * How fresh a query can be kept, as JSON.
 *
 * @param tier the best way: ledger, keyed or full
 * @param keys the columns that tell its rows apart, as given, or as found for the tier keyed
 * @param parts the grouped aggregates that a ledger can keep
 * @param obstacles what stands in the way of better ones, and what to change
 */
record ExplainedJson(
    String tier, List<String> keys, List<Kept> parts, List<ObstacleJson> obstacles) {

  /** A grouped aggregate over one table. */
  record Kept(String source, List<String> keys, String where) {
    static Kept of(Part part) {
      return new Kept(part.source(), part.keys(), part.where());
    }
  }

  /** What keeps a query from a tier. */
  record ObstacleJson(String tier, String reason, String hint) {
    static ObstacleJson of(Obstacle obstacle) {
      return new ObstacleJson(obstacle.tier().word(), obstacle.reason(), obstacle.hint());
    }
  }

  static ExplainedJson of(Explained.Possible possible) {
    return new ExplainedJson(
        possible.tier().word(),
        possible.key(),
        possible.parts().stream().map(Kept::of).toList(),
        possible.obstacles().stream().map(ObstacleJson::of).toList());
  }
}
