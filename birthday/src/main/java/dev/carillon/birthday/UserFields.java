package dev.carillon.birthday;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.time.LeapDayPolicy;
import dev.carillon.time.TimeZones;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The fields of a user in JSON: their names, and what each allows. */
final class UserFields {

  static final String FIRST_NAME = "first_name";
  static final String LAST_NAME = "last_name";
  static final String DATE_OF_BIRTH = "date_of_birth";
  static final String TIME_ZONE = "time_zone";
  static final String LEAP_DAY_POLICY = "leap_day_policy";
  static final String DELIVERY_TIME = "delivery_time";
  static final String ENDPOINT = "endpoint";

  static final String ZONE_ALLOWED =
      "the IANA name of a time zone, such as Europe/Berlin; an offset is none";
  static final String LEAP_ALLOWED = "FEB_28, MAR_1 or LEAP_ONLY";
  static final String ENDPOINT_ALLOWED = "the id or the name of an endpoint that there is";
  static final String TIME_ALLOWED = "a time HH:MM or HH:MM:SS from 00:00 to 23:59:59";

  private static final String NAME_ALLOWED =
      "a text of 1 to %d characters".formatted(PersonName.MAX_LENGTH);

  private static final List<String> KNOWN =
      List.of(
          FIRST_NAME,
          LAST_NAME,
          DATE_OF_BIRTH,
          TIME_ZONE,
          LEAP_DAY_POLICY,
          DELIVERY_TIME,
          ENDPOINT);

  private UserFields() {}

  static UserInput parse(
      @Nullable JsonNode body,
      LocalDate latestToday,
      TimeZones zones,
      Function<String, Optional<String>> endpoints) {
    if (body == null || !body.isObject()) {
      return new UserInput.Invalid(
          List.of(new FieldError("body", "must be a JSON object with " + known())));
    }
    JsonFields fields = new JsonFields(body);
    String firstName = name(fields, FIRST_NAME);
    String lastName = name(fields, LAST_NAME);
    LocalDate born = dateOfBirth(fields, latestToday);
    ZoneId zone = fields.required(TIME_ZONE, ZONE_ALLOWED, zones::find);
    LeapDayPolicy leap =
        fields.optional(LEAP_DAY_POLICY, LEAP_ALLOWED, JsonFields.constant(LeapDayPolicy.class));
    LocalTime time = fields.optional(DELIVERY_TIME, TIME_ALLOWED, JsonFields::time);
    String endpoint = fields.optional(ENDPOINT, ENDPOINT_ALLOWED, endpoints);
    fields.rejectUnknown(KNOWN);
    if (firstName == null
        || lastName == null
        || born == null
        || zone == null
        || !fields.errors().isEmpty()) {
      return new UserInput.Invalid(fields.errors());
    }
    LeapDayPolicy policy = leap == null ? LeapDayPolicy.FEB_28 : leap;
    return new UserInput.Valid(
        new UserDetails(firstName, lastName, born, zone, policy, time, endpoint));
  }

  private static @Nullable String name(JsonFields fields, String field) {
    String name = fields.required(field, NAME_ALLOWED, text -> Optional.of(PersonName.strip(text)));
    if (name == null) {
      return null;
    }
    Optional<String> problem = PersonName.problem(name);
    problem.ifPresent(message -> fields.error(field, message));
    return problem.isEmpty() ? name : null;
  }

  private static @Nullable LocalDate dateOfBirth(JsonFields fields, LocalDate latest) {
    LocalDate earliest = UserDetails.EARLIEST_DATE_OF_BIRTH;
    return fields.required(
        DATE_OF_BIRTH,
        "a date YYYY-MM-DD that exists, from %s to %s".formatted(earliest, latest),
        text ->
            JsonFields.date(text)
                .filter(date -> !date.isBefore(earliest) && !date.isAfter(latest)));
  }

  private static String known() {
    return String.join(", ", KNOWN);
  }
}
