package dev.carillon.birthday;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.event.Event;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * What is delivered, in the shape that Standard Webhooks 1.0 recommends: type, timestamp, data. The
 * same event always has the same text, so that every attempt sends the same bytes.
 */
final class Payload {

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);

  private Payload() {}

  static String json(Event event, EventData data, String message) {
    ObjectNode json =
        Json.object().put("type", event.type()).put("timestamp", event.at().instant().toString());
    json.putObject("data")
        .put("event_id", event.id().toString())
        .put("user_id", event.subject().toString())
        .put("first_name", data.firstName())
        .put("last_name", data.lastName())
        .put("message", message)
        .put("year", YearlyEventType.year(event))
        .put("local_time", seconds(event.at().local()))
        .put("time_zone", event.at().zone().getId())
        .put("idempotency_key", event.idempotencyKey());
    return json.toString();
  }

  /** ISO 8601 with the seconds, also where they are zero. */
  static String seconds(LocalDateTime local) {
    return SECONDS.format(local);
  }
}
