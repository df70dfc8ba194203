package dev.carillon.webhook.delivery;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.event.Event;
import dev.carillon.event.EventIds;
import dev.carillon.event.EventType;
import dev.carillon.time.TimeZones;
import dev.carillon.time.WallClock;
import dev.carillon.webhook.traffic.Alert;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Alerts as events like any other: kept, signed, retried, and delivered by whichever process is up,
 * so that the trouble of one does not silence them.
 *
 * @param zones the rules that instants are derived with
 * @param ids makes the ids of events
 */
public record EndpointAlerts(TimeZones zones, EventIds ids) implements EventType {

  /** The name of the type. */
  public static final String NAME = "ENDPOINT_ALERT";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ZoneId UTC = ZoneId.of("UTC");
  private static final String TOLD = "told";
  private static final String MESSAGE = "message";

  public EndpointAlerts {
    requireNonNull(zones, "zones is null");
    requireNonNull(ids, "ids is null");
  }

  /**
   * The event that tells of an alert, due at once.
   *
   * @param told the endpoint that is told
   */
  public Event event(Alert alert, UUID told) {
    ObjectNode data = JsonNodeFactory.instance.objectNode().put(TOLD, told.toString());
    data.set(MESSAGE, message(alert));
    String key =
        "%s:%s:%s:%s:%d"
            .formatted(
                NAME,
                alert.kind(),
                alert.endpoint(),
                told,
                ChronoUnit.MICROS.between(Instant.EPOCH, alert.at()));
    LocalDateTime local =
        LocalDateTime.ofInstant(alert.at(), ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
    return new Event(
        ids.next(),
        alert.endpoint(),
        NAME,
        key,
        WallClock.keeping(zones).at(local, UTC).orElseThrow(),
        data.toString());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String payload(Event event) {
    return field(event, MESSAGE).toString();
  }

  @Override
  public Optional<String> destination(Event event) {
    return Optional.of(field(event, TOLD).asText());
  }

  @Override
  public Optional<Event> next(Event event) {
    return Optional.empty();
  }

  private static ObjectNode message(Alert alert) {
    ObjectNode message =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "endpoint." + alert.kind().name().toLowerCase(Locale.ROOT))
            .put("timestamp", alert.at().toString());
    ObjectNode data =
        message
            .putObject("data")
            .put("endpoint_id", alert.endpoint().toString())
            .put("endpoint_name", alert.name())
            .put("cause", alert.cause())
            .put("failures", alert.failures());
    if (alert.since() != null) {
      data.put("failing_since", alert.since().toString());
    }
    return message;
  }

  private static JsonNode field(Event event, String name) {
    try {
      return MAPPER.readTree(event.data()).required(name);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the data of event " + event.id() + " is no JSON", e);
    }
  }
}
