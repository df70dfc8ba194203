package dev.carillon.view.definition;

import dev.carillon.view.Tier;
import java.util.ArrayList;
import java.util.List;
import net.sf.jsqlparser.statement.select.Select;

/**
 * What a view's query is made of, and so how fresh it can be kept. What only the database knows,
 * such as types and whether a function is immutable, is checked when the view is made.
 *
 * @param parts the aggregates that ledgers can keep, in the query's order
 * @param obstacles what keeps the view from each tier that is out of reach
 */
public record Analysis(List<Part> parts, List<Obstacle> obstacles) {

  public Analysis {
    parts = List.copyOf(parts);
    obstacles = List.copyOf(obstacles);
  }

  /**
   * Reads a query.
   *
   * @param select is changed by it
   * @param copy the same query
   */
  static Analysis of(Select select, Select copy) {
    Survey survey = new Survey(number -> "part_" + number);
    survey.of(select);
    List<Obstacle> obstacles = new ArrayList<>(survey.obstacles());
    if (new KeyedReader(copy).read(List.of()) instanceof KeyedReading.Impossible impossible) {
      obstacles.addAll(impossible.obstacles());
    }
    return new Analysis(survey.parts(), obstacles);
  }

  /** The best tier that nothing stands in the way of. */
  public Tier tier() {
    for (Tier tier : Tier.values()) {
      if (obstacles(tier).isEmpty()) {
        return tier;
      }
    }
    return Tier.FULL;
  }

  /** What keeps the view from a tier; empty if nothing does. */
  public List<Obstacle> obstacles(Tier tier) {
    return obstacles.stream().filter(obstacle -> obstacle.tier() == tier).toList();
  }
}
