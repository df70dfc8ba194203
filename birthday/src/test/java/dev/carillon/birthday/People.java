package dev.carillon.birthday;

import dev.carillon.event.EventIds;
import dev.carillon.time.LeapDayPolicy;
import dev.carillon.time.TimeZones;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Users for tests, and what plans their events. */
final class People {

  static final TimeZones ZONES = TimeZones.ofJvm();
  static final Instant CREATED = Instant.parse("2026-01-10T12:00:00Z");
  static final EventIds IDS = new EventIds(InstantSource.fixed(CREATED));
  static final YearlyEventType BIRTHDAY = YearlyEventType.birthday(ZONES, IDS);
  static final UUID ADA = new UUID(0, 0xADA);

  private People() {}

  static UserDetails born(String date, String zone) {
    return new UserDetails(
        "Ada", "Lovelace", LocalDate.parse(date), ZoneId.of(zone), LeapDayPolicy.FEB_28, null);
  }

  static User ada(UserDetails details) {
    return new User(ADA, details, CREATED, CREATED);
  }

  static UserDetails keeping(UserDetails details, LeapDayPolicy policy) {
    return new UserDetails(
        details.firstName(),
        details.lastName(),
        details.dateOfBirth(),
        details.timeZone(),
        policy,
        details.deliveryTime());
  }

  static UserDetails at(UserDetails details, @Nullable LocalTime time) {
    return new UserDetails(
        details.firstName(),
        details.lastName(),
        details.dateOfBirth(),
        details.timeZone(),
        details.leapDayPolicy(),
        time);
  }

  static UserDetails in(UserDetails details, String zone) {
    return new UserDetails(
        details.firstName(),
        details.lastName(),
        details.dateOfBirth(),
        ZoneId.of(zone),
        details.leapDayPolicy(),
        details.deliveryTime());
  }

  static UserDetails named(UserDetails details, String first, String last) {
    return new UserDetails(
        first,
        last,
        details.dateOfBirth(),
        details.timeZone(),
        details.leapDayPolicy(),
        details.deliveryTime());
  }
}
