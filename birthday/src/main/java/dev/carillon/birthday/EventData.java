package dev.carillon.birthday;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.event.Event;
import dev.carillon.time.LeapDayPolicy;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a yearly event carries of its user, so that it can be performed and followed by the next one
 * without the user being read again.
 */
record EventData(
    String firstName,
    String lastName,
    LocalDate dateOfBirth,
    LocalDate createdOn,
    LeapDayPolicy leapDayPolicy,
    @Nullable LocalTime deliveryTime,
    @Nullable String endpoint) {

  private static final String FIRST_NAME = UserFields.FIRST_NAME;
  private static final String LAST_NAME = UserFields.LAST_NAME;
  private static final String DATE_OF_BIRTH = UserFields.DATE_OF_BIRTH;
  private static final String CREATED_ON = "created_on";
  private static final String LEAP_DAY_POLICY = UserFields.LEAP_DAY_POLICY;
  private static final String DELIVERY_TIME = UserFields.DELIVERY_TIME;
  private static final String ENDPOINT = UserFields.ENDPOINT;

  EventData {
    requireNonNull(firstName, "firstName is null");
    requireNonNull(lastName, "lastName is null");
    requireNonNull(dateOfBirth, "dateOfBirth is null");
    requireNonNull(createdOn, "createdOn is null");
    requireNonNull(leapDayPolicy, "leapDayPolicy is null");
  }

  static EventData of(UserDetails details, LocalDate createdOn) {
    return new EventData(
        details.firstName(),
        details.lastName(),
        details.dateOfBirth(),
        createdOn,
        details.leapDayPolicy(),
        details.deliveryTime(),
        details.endpoint());
  }

  /**
   * Reads an event's data. Fields that a later release added are ignored.
   *
   * @throws IllegalArgumentException if a field is missing or cannot be read
   */
  static EventData of(Event event) {
    JsonNode json =
        Json.parse(event.data())
            .filter(JsonNode::isObject)
            .orElseThrow(() -> broken(event, "it is not a JSON object"));
    try {
      return read(json);
    } catch (RuntimeException e) {
      throw broken(event, e.getMessage());
    }
  }

  private static EventData read(JsonNode json) {
    return new EventData(
        text(json, FIRST_NAME),
        text(json, LAST_NAME),
        LocalDate.parse(text(json, DATE_OF_BIRTH)),
        LocalDate.parse(text(json, CREATED_ON)),
        LeapDayPolicy.valueOf(text(json, LEAP_DAY_POLICY)),
        json.hasNonNull(DELIVERY_TIME) ? LocalTime.parse(text(json, DELIVERY_TIME)) : null,
        json.hasNonNull(ENDPOINT) ? text(json, ENDPOINT) : null);
  }

  String json() {
    ObjectNode json =
        Json.object()
            .put(FIRST_NAME, firstName)
            .put(LAST_NAME, lastName)
            .put(DATE_OF_BIRTH, dateOfBirth.toString())
            .put(CREATED_ON, createdOn.toString())
            .put(LEAP_DAY_POLICY, leapDayPolicy.name());
    if (deliveryTime != null) {
      json.put(DELIVERY_TIME, deliveryTime.toString());
    }
    if (endpoint != null) {
      json.put(ENDPOINT, endpoint);
    }
    return json.toString();
  }

  private static String text(JsonNode json, String field) {
    return Optional.ofNullable(json.get(field))
        .filter(JsonNode::isTextual)
        .map((Function<JsonNode, String>) JsonNode::textValue)
        .orElseThrow(() -> new IllegalArgumentException(field + " is not a text"));
  }

  private static IllegalArgumentException broken(Event event, @Nullable String why) {
    return new IllegalArgumentException(
        "the data of event %s cannot be read: %s".formatted(event.id(), why));
  }
}
