package dev.carillon.server.demo;

import dev.carillon.birthday.UserDetails;
import dev.carillon.time.LeapDayPolicy;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.Year;
import java.time.ZoneId;
import java.util.Optional;

/**
 * What a user of the demo may expect, worked out by the receiver itself from the user's details: a
 * message on the birthday at nine, once.
 *
 * @param zone where the user's wall clock is
 * @param born the user's date of birth
 * @param policy what the user chose for 29 February
 */
record Expectation(ZoneId zone, LocalDate born, LeapDayPolicy policy) {

  static final LocalTime NINE = LocalTime.of(9, 0);

  static Expectation of(UserDetails user) {
    return new Expectation(user.timeZone(), user.dateOfBirth(), user.leapDayPolicy());
  }

  boolean isBornOnLeapDay() {
    return MonthDay.from(born).equals(MonthDay.of(2, 29));
  }

  /** The day of the message in a year; empty if the user wants none in this year. */
  Optional<LocalDate> day(int year) {
    if (!isBornOnLeapDay() || Year.isLeap(year)) {
      return Optional.of(born.withYear(year));
    }
    return switch (policy) {
      case FEB_28 -> Optional.of(LocalDate.of(year, 2, 28));
      case MAR_1 -> Optional.of(LocalDate.of(year, 3, 1));
      case LEAP_ONLY -> Optional.empty();
    };
  }
}
