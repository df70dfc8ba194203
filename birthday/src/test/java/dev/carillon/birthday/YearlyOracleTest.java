package dev.carillon.birthday;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.event.Event;
import dev.carillon.time.LeapDayPolicy;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Previews and events of every zone whose clocks change from 2024 to 2037, against the oracle. */
class YearlyOracleTest {

  private static final int FIRST_YEAR = 2024;
  private static final int LAST_YEAR = 2037;
  private static final List<LocalTime> TIMES =
      List.of(
          LocalTime.of(0, 0),
          LocalTime.of(0, 30),
          LocalTime.of(1, 30),
          LocalTime.of(2, 0),
          LocalTime.of(2, 30),
          LocalTime.of(3, 0),
          LocalTime.of(9, 0),
          LocalTime.of(23, 59));

  private static final BirthdayPreview PREVIEW = new BirthdayPreview(People.ZONES);

  private final List<String> wrong = new ArrayList<>();
  private int compared;
  private int unusual;

  @Test
  void birthdaysOnAndAroundEveryTransitionComeWhenTheOracleSays() {
    for (ZoneId zone : changingZones()) {
      for (LocalDate day : transitionDays(zone.getRules())) {
        for (int offset = -1; offset <= 1; offset++) {
          LocalDate birthday = day.plusDays(offset);
          TIMES.forEach(time -> compare(born(birthday), zone, birthday.getYear(), time));
        }
      }
    }

    assertThat(wrong).isEmpty();
    assertThat(compared).isGreaterThan(50_000);
    assertThat(unusual).isGreaterThan(5_000);
  }

  @Test
  void leapDaysAndTheTurnOfTheYearComeWhenTheOracleSays() {
    List<LocalDate> births =
        List.of(
            LocalDate.of(1996, 2, 29),
            LocalDate.of(1996, 2, 28),
            LocalDate.of(1996, 3, 1),
            LocalDate.of(1996, 12, 31),
            LocalDate.of(1996, 1, 1));
    for (ZoneId zone : changingZones()) {
      for (int year = FIRST_YEAR; year <= LAST_YEAR; year++) {
        for (LocalDate born : births) {
          compare(born, zone, year, LocalTime.of(9, 0));
        }
      }
    }

    assertThat(wrong).isEmpty();
    // Four dates under one policy each, and 29 February under three.
    assertThat(compared).isEqualTo(changingZones().size() * (LAST_YEAR - FIRST_YEAR + 1) * 7);
  }

  private void compare(LocalDate born, ZoneId zone, int year, LocalTime time) {
    for (LeapDayPolicy leap : policiesFor(born)) {
      PreviewCase asked = new PreviewCase(born, zone, year, 1, time, leap);
      BirthdayPreview.Entry entry = PREVIEW.entries(asked).getFirst();
      Optional<LocalDate> date = WallClockOracle.birthday(born, leap, year);
      boolean right =
          date.isPresent()
              ? agrees(entry, date.get().atTime(time), zone) && comes(asked, entry)
              : entry.utc() == null && entry.local() == null && entry.note() != null;
      compared++;
      if (!right) {
        wrong.add(asked + " gives " + entry);
      }
    }
  }

  private boolean agrees(BirthdayPreview.Entry entry, LocalDateTime nominal, ZoneId zone) {
    Instant instant = WallClockOracle.keeping(nominal, zone);
    boolean ordinary = WallClockOracle.showing(nominal, zone).size() == 1;
    unusual += ordinary ? 0 : 1;
    return instant.equals(entry.utc())
        && instant.atZone(zone).toLocalDateTime().equals(entry.local())
        && ordinary == (entry.note() == null);
  }

  /** The event is the preview's, to the second: first just before it, no more at it. */
  private static boolean comes(PreviewCase asked, BirthdayPreview.Entry entry) {
    Instant utc = Optional.ofNullable(entry.utc()).orElseThrow();
    UserDetails details =
        new UserDetails(
            "Ada", "Lovelace", asked.dateOfBirth(), asked.zone(), asked.leap(), asked.at());
    User user = People.ada(details);
    Event first = People.BIRTHDAY.first(user, utc.minusSeconds(1), asked.from() - 1);
    Event second = People.BIRTHDAY.first(user, utc, UserEventType.NO_YEAR);
    return first.at().instant().equals(utc)
        && YearlyEventType.year(first) == asked.from()
        && first.at().local().toLocalTime().equals(asked.at())
        && YearlyEventType.year(second) > asked.from();
  }

  private static LocalDate born(LocalDate birthday) {
    return birthday.minusYears(20);
  }

  private static List<LeapDayPolicy> policiesFor(LocalDate born) {
    return born.getMonthValue() == 2 && born.getDayOfMonth() == 29
        ? List.of(LeapDayPolicy.values())
        : List.of(LeapDayPolicy.FEB_28);
  }

  private static List<ZoneId> changingZones() {
    return new TreeSet<>(ZoneId.getAvailableZoneIds())
        .stream()
            .map(ZoneId::of)
            .filter(zone -> !transitionDays(zone.getRules()).isEmpty())
            .toList();
  }

  private static List<LocalDate> transitionDays(ZoneRules rules) {
    List<LocalDate> days = new ArrayList<>();
    Instant end = LocalDate.of(LAST_YEAR + 1, 1, 1).atStartOfDay().toInstant(ZoneOffset.UTC);
    Instant start = LocalDate.of(FIRST_YEAR, 1, 1).atStartOfDay().toInstant(ZoneOffset.UTC);
    ZoneOffsetTransition next = rules.nextTransition(start);
    while (next != null && next.getInstant().isBefore(end)) {
      days.add(next.getDateTimeBefore().toLocalDate());
      next = rules.nextTransition(next.getInstant());
    }
    return days;
  }
}
