package dev.carillon.postgres;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/**
 * The events that wait in lanes. Safe for use by many threads.
 *
 * @param jdbi runs the statements
 */
public record HeldEvents(Jdbi jdbi) {

  /** The most events of a lane that are counted. */
  public static final int MOST_COUNTED = 10_000;

  private static final Statements SQL = Statements.beside(HeldEvents.class, "held.sql");

  public HeldEvents {
    requireNonNull(jdbi, "jdbi is null");
  }

  /**
   * The lanes in which events wait for their target's room. Those whose first four bits are set are
   * left out: the events in them wait for each other, and their owner releases them.
   */
  public List<UUID> lanes() {
    return jdbi.withHandle(handle -> handle.createQuery(SQL.get("lanes")).mapTo(UUID.class).list());
  }

  /** How many events wait in a lane; {@link #MOST_COUNTED} if there are more. */
  public int count(UUID lane) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("count"))
            .bind("lane", lane)
            .bind("most", MOST_COUNTED)
            .mapTo(Integer.class)
            .one());
  }
}
