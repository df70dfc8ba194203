package dev.carillon.birthday;

import static java.util.Objects.requireNonNull;

import dev.carillon.time.LeapDayPolicy;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneRulesProvider;
import org.jspecify.annotations.Nullable;

/**
 * What a user told us. The constructor insists on what can be checked without a clock; {@link
 * UserInput} also knows today's date and names each bad field.
 *
 * @param firstName see {@link PersonName}
 * @param lastName see {@link PersonName}
 * @param dateOfBirth {@link #EARLIEST_DATE_OF_BIRTH} or later
 * @param timeZone a region, such as {@code Europe/Berlin}, never an offset
 * @param leapDayPolicy when a birthday on 29 February is kept in other years
 * @param deliveryTime when on the day the user wants their messages, in whole seconds; null for
 *     each event type's own time
 * @param endpoint where the user's messages go, in the target's words; null: as the event type says
 */
public record UserDetails(
    String firstName,
    String lastName,
    LocalDate dateOfBirth,
    ZoneId timeZone,
    LeapDayPolicy leapDayPolicy,
    @Nullable LocalTime deliveryTime,
    @Nullable String endpoint) {

  /** The longest name of an endpoint, in characters. */
  public static final int MAX_ENDPOINT_LENGTH = 64;

  /** Nobody alive was born earlier; an earlier date is a typing error. */
  public static final LocalDate EARLIEST_DATE_OF_BIRTH = LocalDate.of(1900, 1, 1);

  public UserDetails {
    PersonName.require(firstName, "firstName");
    PersonName.require(lastName, "lastName");
    requireNonNull(dateOfBirth, "dateOfBirth is null");
    requireNonNull(timeZone, "timeZone is null");
    requireNonNull(leapDayPolicy, "leapDayPolicy is null");
    if (dateOfBirth.isBefore(EARLIEST_DATE_OF_BIRTH)) {
      throw new IllegalArgumentException(
          "dateOfBirth is %s: from %s is allowed".formatted(dateOfBirth, EARLIEST_DATE_OF_BIRTH));
    }
    if (!ZoneRulesProvider.getAvailableZoneIds().contains(timeZone.getId())) {
      throw new IllegalArgumentException("timeZone is %s: not a region".formatted(timeZone));
    }
    if (deliveryTime != null) {
      requireWholeSeconds(deliveryTime, "deliveryTime");
    }
    requireEndpoint(endpoint);
  }

  /** A user whose messages go where the event types say. */
  public UserDetails(
      String firstName,
      String lastName,
      LocalDate dateOfBirth,
      ZoneId timeZone,
      LeapDayPolicy leapDayPolicy,
      @Nullable LocalTime deliveryTime) {
    this(firstName, lastName, dateOfBirth, timeZone, leapDayPolicy, deliveryTime, null);
  }

  /** The same with another endpoint. */
  public UserDetails withEndpoint(@Nullable String other) {
    return new UserDetails(
        firstName, lastName, dateOfBirth, timeZone, leapDayPolicy, deliveryTime, other);
  }

  static void requireEndpoint(@Nullable String endpoint) {
    if (endpoint != null && (endpoint.isEmpty() || endpoint.length() > MAX_ENDPOINT_LENGTH)) {
      throw new IllegalArgumentException(
          "endpoint has %d characters: from 1 to %d are allowed"
              .formatted(endpoint.length(), MAX_ENDPOINT_LENGTH));
    }
  }

  static void requireWholeSeconds(LocalTime time, String name) {
    if (!time.truncatedTo(ChronoUnit.SECONDS).equals(time)) {
      throw new IllegalArgumentException(name + " is not in whole seconds");
    }
  }
}
