package dev.carillon.bench.events;

import dev.carillon.engine.EventTypes;
import dev.carillon.event.Event;
import dev.carillon.event.EventIds;
import dev.carillon.event.EventType;
import dev.carillon.postgres.Statements;
import dev.carillon.target.Outcome;
import dev.carillon.time.Occurrence;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Events whose target does nothing, in UTC.
 *
 * @param ids names the events that follow
 * @param recurring whether one a year later follows each
 */
public record BenchEvents(EventIds ids, boolean recurring) implements EventType {

  private static final String TYPE = "BENCH";
  private static final Statements SQL = Statements.beside(BenchEvents.class, "events.sql");

  /** Events with ids by the system's clock. */
  public static BenchEvents of(boolean recurring) {
    return new BenchEvents(new EventIds(InstantSource.system()), recurring);
  }

  /** Plans events, evenly spread over a span of time. */
  public static void load(Handle handle, int count, Instant from, Instant to) {
    try (var update = handle.createUpdate(SQL.get("load"))) {
      update
          .bind("type", TYPE)
          .bind("key", TYPE)
          .bind("count", count)
          .bind("from", from)
          .bind("to", to)
          .execute();
    }
  }

  /** How many events are done, in the history. */
  public static long completed(Handle handle) {
    return handle.createQuery(SQL.get("completed")).mapTo(Long.class).one();
  }

  /** How many events wait for their time. */
  public static long waiting(Handle handle) {
    return handle.createQuery(SQL.get("waiting")).mapTo(Long.class).one();
  }

  /** These events with a target that only counts. */
  public EventTypes countedBy(Runnable performed) {
    return new EventTypes(
        List.of(
            new EventTypes.Registration(
                this,
                _ -> {
                  performed.run();
                  return new Outcome.Succeeded();
                })));
  }

  @Override
  public String name() {
    return TYPE;
  }

  @Override
  public String payload(Event event) {
    return event.data();
  }

  @Override
  public Optional<Event> next(Event event) {
    return recurring ? Optional.of(yearAfter(event)) : Optional.empty();
  }

  /** The event a year after the given one. */
  public Event yearAfter(Event event) {
    LocalDateTime local = event.at().local().plusYears(1);
    Occurrence at =
        new Occurrence(
            local, event.at().zone(), local.toInstant(ZoneOffset.UTC), event.at().tzdbVersion());
    String key = event.idempotencyKey() + ":" + local.getYear();
    return new Event(ids.next(), event.subject(), TYPE, key, at, event.data());
  }
}
