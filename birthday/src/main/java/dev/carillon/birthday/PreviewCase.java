package dev.carillon.birthday;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.time.LeapDayPolicy;
import dev.carillon.time.TimeZones;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;

/**
 * What a {@link BirthdayPreview} is asked.
 *
 * @param dateOfBirth the date of birth
 * @param zone where the birthday is kept
 * @param from the first year to list
 * @param years how many years to list
 * @param at when on the day the message comes, in whole seconds
 * @param leap when a birthday on 29 February is kept in other years
 */
public record PreviewCase(
    LocalDate dateOfBirth, ZoneId zone, int from, int years, LocalTime at, LeapDayPolicy leap) {

  /** The most years of a preview. */
  public static final int MAX_YEARS = 1_000;

  /** The last year that a preview lists: years have four digits. */
  public static final int LAST_YEAR = 9_999;

  private static final String DATE_OF_BIRTH = "date_of_birth";
  private static final String ZONE = "zone";
  private static final String TIME_ZONE = "time_zone";
  private static final String FROM = "from";
  private static final String YEARS = "years";
  private static final String AT = "at";
  private static final String LEAP = "leap";
  private static final List<String> KNOWN =
      List.of(DATE_OF_BIRTH, ZONE, TIME_ZONE, FROM, YEARS, AT, LEAP);

  public PreviewCase {
    requireNonNull(dateOfBirth, "dateOfBirth is null");
    requireNonNull(zone, "zone is null");
    requireNonNull(leap, "leap is null");
    requireRange("from", from, LAST_YEAR);
    requireRange("years", years, Math.min(MAX_YEARS, LAST_YEAR - from + 1));
    requireRange("dateOfBirth's year", dateOfBirth.getYear(), LAST_YEAR);
    UserDetails.requireWholeSeconds(at, "at");
  }

  /** A case as someone sent it: good, or the first thing that is wrong with it. */
  public sealed interface Input {}

  /** The case is good. */
  public record Valid(PreviewCase preview) implements Input {}

  /** The case is bad. */
  public record Invalid(FieldError error) implements Input {

    /** {@code {"error":"...","field":"..."}}, on one line. */
    public String json() {
      return Json.object().put("error", error.message()).put("field", error.field()).toString();
    }
  }

  /**
   * Reads a case: a JSON object with {@code "date_of_birth"}, {@code "zone"} (or {@code
   * "time_zone"}), {@code "from"}, {@code "years"} (1 if missing), {@code "at"} (09:00) and {@code
   * "leap"} (FEB_28). Never throws for anything the text contains.
   */
  public static Input parse(String json, TimeZones zones) {
    return Json.parse(json)
        .filter(JsonNode::isObject)
        .map(object -> read(new JsonFields(object), zones))
        .orElseGet(() -> new Invalid(new FieldError("case", "must be a JSON object on one line")));
  }

  private static Input read(JsonFields fields, TimeZones zones) {
    LocalDate born =
        fields.required(
            DATE_OF_BIRTH,
            "a date YYYY-MM-DD that exists, from the year 1 on",
            text -> JsonFields.date(text).filter(date -> date.getYear() >= 1));
    if (fields.has(ZONE) && fields.has(TIME_ZONE)) {
      fields.error(TIME_ZONE, "must not be given beside zone");
    }
    String zoneField = fields.has(TIME_ZONE) ? TIME_ZONE : ZONE;
    ZoneId zone = fields.required(zoneField, UserFields.ZONE_ALLOWED, zones::find);
    int from = fields.integer(FROM, 1, LAST_YEAR, null);
    int years = fields.integer(YEARS, 1, Math.min(MAX_YEARS, LAST_YEAR - from + 1), 1);
    LocalTime at = fields.optional(AT, UserFields.TIME_ALLOWED, JsonFields::time);
    LeapDayPolicy leap =
        fields.optional(LEAP, UserFields.LEAP_ALLOWED, JsonFields.constant(LeapDayPolicy.class));
    fields.rejectUnknown(KNOWN);
    if (born == null || zone == null || !fields.errors().isEmpty()) {
      return new Invalid(fields.errors().getFirst());
    }
    return new Valid(
        new PreviewCase(
            born,
            zone,
            from,
            years,
            at == null ? YearlyEventType.DEFAULT_LOCAL_TIME : at,
            leap == null ? LeapDayPolicy.FEB_28 : leap));
  }

  private static void requireRange(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          "%s is %d: from 1 to %d are allowed".formatted(name, value, most));
    }
  }
}
