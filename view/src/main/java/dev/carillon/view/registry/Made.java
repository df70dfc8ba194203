package dev.carillon.view.registry;

import dev.carillon.view.catalog.RegisteredView;
import dev.carillon.view.definition.Obstacle;
import java.util.List;

/** What came of making a view. */
public sealed interface Made {

  /** It is there, and kept from now on, by the tier that it says. */
  record Done(RegisteredView view) implements Made {}

  /** There is something of that name already. */
  record NameTaken(String reason) implements Made {}

  /** There are as many views as there may be. */
  record TooMany(int most) implements Made {}

  /**
   * The query cannot be read.
   *
   * @param position where the trouble begins, in characters from 1
   */
  record Invalid(int position, String reason) implements Made {}

  /** It cannot be kept as was wanted; the obstacles say of each tier why, and what to change. */
  record Refused(List<Obstacle> obstacles) implements Made {
    public Refused {
      obstacles = List.copyOf(obstacles);
    }
  }

  /** The database does not make it: its own words. */
  record Rejected(String reason) implements Made {}

  /** A lock was not had in time: the same may work in a moment. */
  record Busy(String reason) implements Made {}
}
