package dev.carillon.engine;

import dev.carillon.store.Claim;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Says how many of the events that are held in lanes may be claimed here. Whoever holds events
 * ({@link dev.carillon.target.Outcome.Held}) is asked before each claim; safe for use by many
 * threads, and quick.
 */
public interface Lanes {

  /** No lanes: nothing is ever held. */
  Lanes NONE = _ -> Map.of();

  /**
   * How many held events of each lane may be claimed now. What is answered is kept free until the
   * events come, or do not.
   *
   * @param most how many in all
   */
  Map<UUID, Integer> openings(int most);

  /** What came of the openings: fewer claims than were asked for mean that the lane is empty. */
  default void claimed(Map<UUID, Integer> openings, Map<UUID, List<Claim>> claims) {}
}
