package dev.carillon.view.keeper;

import dev.carillon.view.definition.Obstacle;
import java.util.List;
import java.util.stream.Collectors;

/** A view cannot be kept as was wanted; the message says why and what to change. */
public abstract class Refused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<Obstacle> obstacles;

  /** For what stands in the way. */
  protected Refused(List<Obstacle> obstacles) {
    super(obstacles.stream().map(Obstacle::sentence).collect(Collectors.joining(" ")));
    this.obstacles = List.copyOf(obstacles);
  }

  /** What stands in the way. */
  public final List<Obstacle> obstacles() {
    return obstacles;
  }
}
