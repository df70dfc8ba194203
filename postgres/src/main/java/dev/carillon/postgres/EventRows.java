package dev.carillon.postgres;

import dev.carillon.event.Event;
import dev.carillon.time.Occurrence;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Events to and from rows: the columns of a result, and arrays of columns for bulk statements. */
public final class EventRows {

  private EventRows() {}

  /** Reads the event of the current row. */
  public static Event read(ResultSet row) throws SQLException {
    return new Event(
        row.getObject("id", UUID.class),
        row.getObject("subject_id", UUID.class),
        row.getString("event_type"),
        row.getString("idempotency_key"),
        new Occurrence(
            row.getObject("target_timestamp_local", LocalDateTime.class),
            ZoneId.of(row.getString("target_timezone")),
            instant(row, "target_timestamp_utc"),
            row.getString("tzdb_version")),
        row.getString("delivery_payload"));
  }

  /** The instant of a column that is never null. */
  public static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  /** The instant of a column that may be null. */
  public static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  /** Binds events as one array a column. */
  public static void bind(SqlStatement<?> statement, List<Event> events) {
    statement
        .bindArray("id", UUID.class, column(events, Event::id))
        .bindArray("subject_id", UUID.class, column(events, Event::subject))
        .bindArray("event_type", String.class, column(events, Event::type))
        .bindArray("idempotency_key", String.class, column(events, Event::idempotencyKey))
        .bindArray("utc", String.class, column(events, event -> event.at().instant().toString()))
        .bindArray("local", String.class, column(events, event -> event.at().local().toString()))
        .bindArray("zone", String.class, column(events, event -> event.at().zone().getId()))
        .bindArray("tzdb_version", String.class, column(events, event -> event.at().tzdbVersion()))
        .bindArray("data", String.class, column(events, Event::data));
  }

  /** One column of many rows, as an array. */
  static <T> @Nullable Object[] column(
      List<T> rows, Function<T, ? extends @Nullable Object> value) {
    return rows.stream().map(value).toArray();
  }
}
