package dev.carillon.birthday;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.event.EventIds;
import dev.carillon.time.TimeZones;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The yearly event types of an installation, as configuration declares them: a JSON array such as
 * {@code [{"name":"ANNIVERSARY","on":"created_at","local_time":"10:00","message":"{years}
 * years"}]}.
 *
 * <p>{@code local_time} is 09:00 where it is missing; {@code endpoint} is where messages go of
 * users who did not choose. BIRTHDAY is always there; an entry of that name may change its time and
 * its message, not the date it follows.
 */
public final class EventTypesFile {

  /** The most entries of a file: each one means an event a year for every user. */
  public static final int MAX_TYPES = 100;

  private static final String NAME = "name";
  private static final String ON = "on";
  private static final String LOCAL_TIME = "local_time";
  private static final String MESSAGE = "message";
  private static final String ENDPOINT = UserFields.ENDPOINT;
  private static final List<String> KNOWN = List.of(NAME, ON, LOCAL_TIME, MESSAGE, ENDPOINT);
  private static final String ENDPOINT_ALLOWED =
      "an endpoint's name of at most %d characters".formatted(UserDetails.MAX_ENDPOINT_LENGTH);
  private static final String ON_ALLOWED = "date_of_birth or created_at";
  private static final String MESSAGE_ALLOWED = "a text with placeholders";

  private final TimeZones zones;
  private final EventIds ids;

  private EventTypesFile(TimeZones zones, EventIds ids) {
    this.zones = zones;
    this.ids = ids;
  }

  /**
   * Reads the types, BIRTHDAY first, the others in their order.
   *
   * @throws IllegalArgumentException if anything is wrong; the message names entry and field
   */
  public static List<YearlyEventType> parse(String json, TimeZones zones, EventIds ids) {
    JsonNode entries = Json.parse(json).orElseThrow(() -> problem("are not valid JSON"));
    if (!entries.isArray() || entries.size() > MAX_TYPES) {
      throw problem("must be a JSON array of at most %d entries".formatted(MAX_TYPES));
    }
    return new EventTypesFile(zones, ids).types(entries);
  }

  private List<YearlyEventType> types(JsonNode entries) {
    Map<String, Integer> positions = new LinkedHashMap<>();
    List<YearlyEventType> types = new ArrayList<>();
    types.add(YearlyEventType.birthday(zones, ids));
    for (int i = 0; i < entries.size(); i++) {
      YearlyEventType type = type(entries.get(i), i + 1);
      Integer earlier = positions.putIfAbsent(type.name(), i + 1);
      if (earlier != null) {
        throw problem("entry %d: name: %s is entry %d".formatted(i + 1, type.name(), earlier));
      }
      if (type.name().equals(YearlyEventType.BIRTHDAY)) {
        types.set(0, type);
      } else {
        types.add(type);
      }
    }
    return List.copyOf(types);
  }

  private YearlyEventType type(JsonNode entry, int position) {
    if (!entry.isObject()) {
      throw problem("entry %d: must be a JSON object".formatted(position));
    }
    JsonFields fields = new JsonFields(entry);
    String name = fields.required(NAME, "a name such as ANNIVERSARY", EventTypesFile::name);
    boolean birthday = YearlyEventType.BIRTHDAY.equals(name);
    FollowedDate on =
        birthday && !fields.has(ON)
            ? FollowedDate.DATE_OF_BIRTH
            : fields.required(ON, ON_ALLOWED, EventTypesFile::followedDate);
    LocalTime time = fields.optional(LOCAL_TIME, UserFields.TIME_ALLOWED, JsonFields::time);
    Template message =
        birthday && !fields.has(MESSAGE) ? YearlyEventType.BIRTHDAY_MESSAGE : message(fields);
    String endpoint = fields.optional(ENDPOINT, ENDPOINT_ALLOWED, EventTypesFile::endpoint);
    fields.rejectUnknown(KNOWN);
    if (birthday && on == FollowedDate.CREATED_AT) {
      fields.error(ON, "must be date_of_birth for BIRTHDAY");
    }
    if (name == null || on == null || message == null || !fields.errors().isEmpty()) {
      throw problem(describe(fields, position, name));
    }
    LocalTime at = time == null ? YearlyEventType.DEFAULT_LOCAL_TIME : time;
    return new YearlyEventType(name, on, at, message, zones, ids, endpoint);
  }

  private static @Nullable Template message(JsonFields fields) {
    String text = fields.required(MESSAGE, MESSAGE_ALLOWED, Optional::of);
    if (text == null) {
      return null;
    }
    try {
      return Template.of(text);
    } catch (IllegalArgumentException e) {
      fields.error(MESSAGE, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static Optional<String> name(String text) {
    return Optional.of(text).filter(name -> YearlyEventType.NAME.matcher(name).matches());
  }

  private static Optional<String> endpoint(String text) {
    return Optional.of(text)
        .filter(name -> !name.isBlank() && name.length() <= UserDetails.MAX_ENDPOINT_LENGTH);
  }

  private static Optional<FollowedDate> followedDate(String text) {
    return Arrays.stream(FollowedDate.values())
        .filter(date -> date.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst();
  }

  private static String describe(JsonFields fields, int position, @Nullable String name) {
    String entry = "entry %d%s: ".formatted(position, name == null ? "" : " (" + name + ")");
    return fields.errors().stream()
        .map(error -> entry + error.field() + " " + error.message())
        .collect(Collectors.joining("; "));
  }

  private static IllegalArgumentException problem(String what) {
    return new IllegalArgumentException("event types: " + what);
  }
}
