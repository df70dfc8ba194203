package dev.carillon.view.definition;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** Whether a view can be kept by its keys. */
public sealed interface KeyedReading {

  /** It can, as far as the query itself says. */
  record Possible(KeyedPlan plan) implements KeyedReading {

    public Possible {
      requireNonNull(plan, "plan is null");
    }
  }

  /** It cannot, and why. */
  record Impossible(List<Obstacle> obstacles) implements KeyedReading {

    public Impossible {
      obstacles = List.copyOf(obstacles);
    }
  }
}
