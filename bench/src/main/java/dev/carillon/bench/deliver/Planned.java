package dev.carillon.bench.deliver;

import dev.carillon.birthday.YearlyEventType;
import dev.carillon.postgres.EventRows;
import dev.carillon.postgres.Statements;
import dev.carillon.time.TimeZones;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Birthdays that are planned in a database.
 *
 * @param due when each is due
 * @param endpoint where each goes
 */
record Planned(Map<UUID, Instant> due, Map<UUID, String> endpoint) {

  static final Statements SQL = Statements.beside(Planned.class, "deliver.sql");

  private static final String USER =
      """
      {"first_name": "Ada", "last_name": "Lovelace", "date_of_birth": "1990-06-15",
        "created_on": "2020-01-01", "leap_day_policy": "FEB_28"}
      """;

  /**
   * A part of a load: so many events, evenly spread over a span of time.
   *
   * @param count how many
   * @param from when it begins, counted from the beginning of the load
   * @param span how long it lasts
   */
  record Part(int count, Duration from, Duration span) {

    /** So many events a second. */
    static Part of(int perSecond, Duration from, Duration span) {
      return new Part((int) (perSecond * span.toSeconds()), from, span);
    }
  }

  /** Plans events for these endpoints in turn. */
  static Planned in(Handle handle, List<Part> parts, List<String> endpoints, Instant start) {
    for (Part part : parts) {
      try (var update = handle.createUpdate(SQL.get("plan"))) {
        update
            .bind("type", YearlyEventType.BIRTHDAY)
            .bind("tzdb_version", TimeZones.ofJvm().version())
            .bind("data", USER)
            .bindArray("endpoints", String.class, endpoints)
            .bind("count", part.count())
            .bind("from", start.plus(part.from()))
            .bind("to", start.plus(part.from()).plus(part.span()))
            .execute();
      }
    }
    Map<UUID, Instant> due = new HashMap<>();
    Map<UUID, String> endpoint = new HashMap<>();
    handle
        .createQuery(SQL.get("planned"))
        .map((row, _) -> {
          UUID id = row.getObject("id", UUID.class);
          due.put(id, EventRows.instant(row, "target_timestamp_utc"));
          endpoint.put(id, row.getString("endpoint"));
          return id;
        })
        .list();
    return new Planned(Map.copyOf(due), Map.copyOf(endpoint));
  }

  /** Those that go to these endpoints. */
  Planned to(Collection<String> endpoints) {
    Map<UUID, Instant> some = new HashMap<>(due);
    some.keySet().removeIf(id -> !endpoints.contains(endpoint.get(id)));
    return new Planned(some, endpoint);
  }

  int count() {
    return due.size();
  }
}
