package dev.carillon.server.demo;

import dev.carillon.birthday.UserDetails;
import dev.carillon.time.LeapDayPolicy;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.zone.ZoneRulesProvider;
import java.util.List;
import java.util.Random;

/**
 * Makes up users: in every time zone in turn, born on every day of the year, on 29 February too.
 */
final class Population {

  private static final List<String> FIRST_NAMES =
      List.of(
          "Ada", "Łukasz", "Zoë", "李", "José", "Ngozi", "Siobhán", "Jürgen", "Fatima", "Mary Ann");
  private static final List<String> LAST_NAMES =
      List.of(
          "Lovelace", "Nowak", "O'Brien", "王", "García-Márquez", "Okafor", "Ünal", "{first_name}");
  private static final LocalDate LEAP_DAY = LocalDate.of(1996, 2, 29);
  private static final LocalDate FIRST_BIRTH = LocalDate.of(1950, 1, 1);
  private static final int BIRTH_DAYS = 50 * 365;
  private static final int LEAP_DAY_EVERY = 50;

  private final List<ZoneId> zones =
      ZoneRulesProvider.getAvailableZoneIds().stream().sorted().map(ZoneId::of).toList();
  private final LeapDayPolicy[] policies = LeapDayPolicy.values();
  private final Random random;

  /** The same seed makes the same users. */
  Population(long seed) {
    this.random = new Random(seed);
  }

  int zoneCount() {
    return zones.size();
  }

  UserDetails user(int number) {
    boolean leapDay = number % LEAP_DAY_EVERY == 0;
    return new UserDetails(
        FIRST_NAMES.get(number % FIRST_NAMES.size()),
        LAST_NAMES.get(number % LAST_NAMES.size()),
        leapDay ? LEAP_DAY : FIRST_BIRTH.plusDays(random.nextInt(BIRTH_DAYS)),
        zones.get(number % zones.size()),
        policies[number / LEAP_DAY_EVERY % policies.length],
        null);
  }
}
