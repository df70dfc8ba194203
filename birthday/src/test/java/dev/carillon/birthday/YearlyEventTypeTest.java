package dev.carillon.birthday;

import static dev.carillon.birthday.UserEventType.NO_YEAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.event.Event;
import dev.carillon.time.LeapDayPolicy;
import java.time.Instant;
import java.time.LocalTime;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YearlyEventTypeTest {

  private static final YearlyEventType BIRTHDAY = People.BIRTHDAY;
  private static final UserDetails MAY_5 = People.born("1990-05-05", "Europe/Berlin");
  private static final UserDetails LEAP_DAY = People.born("2000-02-29", "Europe/Berlin");
  private static final Instant JUNE_2026 = Instant.parse("2026-06-01T00:00:00Z");

  @Nested
  class TheFirstEvent {

    @ParameterizedTest
    @CsvSource({
      "2026-05-05T06:59:59Z, 2026-05-05T09:00, 2026-05-05T07:00:00Z",
      "2026-05-05T07:00:00Z, 2027-05-05T09:00, 2027-05-05T07:00:00Z",
      "2026-12-31T23:30:00Z, 2027-05-05T09:00, 2027-05-05T07:00:00Z"
    })
    void isTheFirstOccurrenceStrictlyAfterNow(Instant now, String local, Instant instant) {
      Event event = first(MAY_5, now);

      assertThat(event.at().local()).isEqualTo(local);
      assertThat(event.at().instant()).isEqualTo(instant);
      assertThat(event.at().zone()).isEqualTo(MAY_5.timeZone());
      assertThat(event.at().tzdbVersion()).isEqualTo(People.ZONES.version());
      assertThat(event.type()).isEqualTo("BIRTHDAY");
      assertThat(event.subject()).isEqualTo(People.ADA);
      assertThat(event.idempotencyKey())
          .isEqualTo("BIRTHDAY:" + People.ADA + ":" + local.substring(0, 4));
    }

    @Test
    void isOfNoYearThatWasUsedUp() {
      Event event = BIRTHDAY.first(People.ada(MAY_5), Instant.parse("2026-01-01T00:00:00Z"), 2026);

      assertThat(event.at().local()).isEqualTo("2027-05-05T09:00");
    }

    @Test
    void isOfTheYearOfBirthAtTheEarliest() {
      Event event = first(MAY_5, Instant.parse("1980-01-01T00:00:00Z"));

      assertThat(event.at().local()).isEqualTo("1990-05-05T09:00");
    }

    @Test
    void comesAtTheUsersOwnTimeIfThereIsOne() {
      Event event = first(People.at(MAY_5, LocalTime.of(7, 30)), JUNE_2026);

      assertThat(event.at().local()).isEqualTo("2027-05-05T07:30");
    }

    @Test
    void mayBelongToADayOfLastYearThatTheZoneSkipped() {
      UserDetails details = People.born("1980-12-31", "Pacific/Kiritimati");

      // The skipped 31 December 1994 is kept at 09:00 on 1 January 1995.
      Event event = first(details, Instant.parse("1994-12-31T18:59:59Z"));

      assertThat(event.at().local()).isEqualTo("1994-12-31T09:00");
      assertThat(event.at().instant()).isEqualTo("1994-12-31T19:00:00Z");
      assertThat(event.idempotencyKey()).endsWith(":1994");
    }
  }

  @Nested
  class TheNextEvent {

    @Test
    void isOfTheNextYearAndANewOne() {
      Event event = first(MAY_5, JUNE_2026);
      Event next = next(event);

      assertThat(next.at().local()).isEqualTo("2028-05-05T09:00");
      assertThat(next.id()).isNotEqualTo(event.id());
      assertThat(next.data()).isEqualTo(event.data());
      assertThat(next.idempotencyKey()).endsWith(":2028");
    }

    @Test
    void leavesNoYearOutHoweverLongAgoTheEventWas() {
      Event event = first(MAY_5, Instant.parse("2015-01-01T00:00:00Z"));

      for (int year = 2015; year < 2115; year++) {
        assertThat(YearlyEventType.year(event)).isEqualTo(year);
        assertThat(event.at().local().toLocalDate()).hasToString(year + "-05-05");
        event = next(event);
      }
    }

    @ParameterizedTest
    @CsvSource({
      "FEB_28, 2097-02-28T09:00, 2104-02-29T09:00, 8",
      "MAR_1, 2097-03-01T09:00, 2104-02-29T09:00, 8",
      "LEAP_ONLY, 2104-02-29T09:00, 2104-02-29T09:00, 1"
    })
    void followsTheLeapDayPolicyFrom2096To2104(
        LeapDayPolicy policy, String after2096, String last, int events) {
      Event event = first(People.keeping(LEAP_DAY, policy), Instant.parse("2096-01-01T00:00:00Z"));
      assertThat(event.at().local()).isEqualTo("2096-02-29T09:00");

      event = next(event);
      assertThat(event.at().local()).isEqualTo(after2096);
      for (int i = 1; i < events; i++) {
        event = next(event);
      }
      assertThat(event.at().local()).isEqualTo(last);
    }

    @Test
    void takesANewDefaultTimeUnlessTheUserChoseOne() {
      YearlyEventType noon =
          new YearlyEventType(
              "BIRTHDAY",
              FollowedDate.DATE_OF_BIRTH,
              LocalTime.NOON,
              YearlyEventType.BIRTHDAY_MESSAGE,
              People.ZONES,
              People.IDS);
      Event byDefault = first(MAY_5, JUNE_2026);
      Event byChoice = first(People.at(MAY_5, LocalTime.of(7, 30)), JUNE_2026);

      assertThat(noon.next(byDefault).orElseThrow().at().local()).isEqualTo("2028-05-05T12:00");
      assertThat(noon.next(byChoice).orElseThrow().at().local()).isEqualTo("2028-05-05T07:30");
    }
  }

  @Nested
  class WhenTheUserChanges {

    private final Event pending = first(MAY_5, JUNE_2026);

    @Test
    void aNewZoneMovesTheEventWithinItsYear() {
      Event moved = changed(pending, People.in(MAY_5, "Pacific/Auckland"), JUNE_2026);

      assertThat(moved.id()).isEqualTo(pending.id());
      assertThat(moved.idempotencyKey()).isEqualTo(pending.idempotencyKey());
      assertThat(moved.at().local()).isEqualTo("2027-05-05T09:00");
      assertThat(moved.at().instant()).isEqualTo("2027-05-04T21:00:00Z");
    }

    @Test
    void flyingOverTheDateLineOnTheBirthdayIsDueAtOnceAndNeverTwice() {
      UserDetails honolulu = People.in(MAY_5, "Pacific/Honolulu");
      Event there = first(honolulu, JUNE_2026);
      Instant now = Instant.parse("2027-05-05T10:00:00Z");

      // 00:00 in Honolulu, but 22:00 in Auckland, where 09:00 has long passed.
      Event late = changed(there, People.in(MAY_5, "Pacific/Auckland"), now);
      assertThat(late.at().instant()).isBefore(now);
      assertThat(YearlyEventType.year(late)).isEqualTo(2027);

      // Done in Auckland; back in Honolulu the same date comes again, but the year was used.
      Event afterwards = changed(next(late), honolulu, now);
      assertThat(YearlyEventType.year(afterwards)).isEqualTo(2028);
    }

    @Test
    void aNewTimeMovesTheEventAlsoIntoThePast() {
      Instant now = Instant.parse("2027-05-05T05:00:00Z");

      Event moved = changed(pending, People.at(MAY_5, LocalTime.of(6, 0)), now);

      assertThat(moved.at().local()).isEqualTo("2027-05-05T06:00");
      assertThat(moved.at().instant()).isBefore(now);
    }

    @Test
    void aNewNameIsInTheDataOnly() {
      Event renamed = changed(pending, People.named(MAY_5, "Augusta", "King"), JUNE_2026);

      assertThat(renamed.at()).isEqualTo(pending.at());
      assertThat(BIRTHDAY.payload(renamed)).contains("Hey, Augusta King it's your birthday");
    }

    @Test
    void anotherBirthdayStartsOverAfterNow() {
      UserDetails july = People.born("1990-07-07", "Europe/Berlin");
      UserDetails march = People.born("1990-03-03", "Europe/Berlin");

      assertThat(changed(pending, july, JUNE_2026).at().local()).isEqualTo("2026-07-07T09:00");
      assertThat(changed(pending, march, JUNE_2026).at().local()).isEqualTo("2027-03-03T09:00");
      assertThat(changed(pending, july, JUNE_2026).id()).isEqualTo(pending.id());
    }

    @Test
    void anotherBirthdayStartsOverAfterTheYearsThatWereUsed() {
      UserDetails july = People.born("1990-07-07", "Europe/Berlin");

      Event again = BIRTHDAY.changed(pending, People.ada(july), JUNE_2026, 2026);

      assertThat(again.at().local()).isEqualTo("2027-07-07T09:00");
    }

    @Test
    void onlyTheYearOfBirthCorrectedLosesNoOverdueEvent() {
      Event overdue = first(MAY_5, Instant.parse("2026-01-01T00:00:00Z"));

      Event corrected = changed(overdue, People.born("1991-05-05", "Europe/Berlin"), JUNE_2026);

      assertThat(corrected.at()).isEqualTo(overdue.at());
      assertThat(corrected.data()).contains("1991-05-05");
    }

    @Test
    void aLaterBirthYearIsNotPrecededByBirthdays() {
      Event overdue = first(MAY_5, Instant.parse("2024-01-01T00:00:00Z"));

      Event corrected = changed(overdue, People.born("2026-05-05", "Europe/Berlin"), JUNE_2026);

      assertThat(YearlyEventType.year(corrected)).isEqualTo(2026);
    }

    @Test
    void aNewLeapDayPolicyMovesTheEventWithinItsYear() {
      Event event = first(LEAP_DAY, JUNE_2026);
      assertThat(event.at().local()).isEqualTo("2027-02-28T09:00");

      Event moved = changed(event, People.keeping(LEAP_DAY, LeapDayPolicy.MAR_1), JUNE_2026);

      assertThat(moved.at().local()).isEqualTo("2027-03-01T09:00");
    }

    @Test
    void leapYearsOnlyGoesToTheNextOfThemAndBackLosesNoYear() {
      UserDetails leapOnly = People.keeping(LEAP_DAY, LeapDayPolicy.LEAP_ONLY);

      Event skipping = changed(first(LEAP_DAY, JUNE_2026), leapOnly, JUNE_2026);
      assertThat(skipping.at().local()).isEqualTo("2028-02-29T09:00");
      assertThat(skipping.idempotencyKey()).endsWith(":2028");

      Event back = changed(skipping, LEAP_DAY, JUNE_2026);
      assertThat(back.at().local()).isEqualTo("2027-02-28T09:00");
      assertThat(back.idempotencyKey()).endsWith(":2027");
    }

    @Test
    void leapYearsOnlyKeepsItsYearInAZoneWhereTheDayIsNotOverYet() {
      UserDetails ahead =
          People.keeping(People.born("2000-02-29", "Pacific/Kiritimati"), LeapDayPolicy.LEAP_ONLY);
      Instant evening = Instant.parse("2028-02-29T05:00:00Z");
      Event next = first(ahead, evening);
      assertThat(YearlyEventType.year(next)).isEqualTo(2032);

      Event moved = changed(next, People.in(ahead, "Brazil/East"), evening);

      assertThat(YearlyEventType.year(moved)).isEqualTo(2032);
    }

    @Test
    void anOverdueLeapDayStaysWhenThePolicyChanges() {
      Event overdue =
          first(
              People.keeping(LEAP_DAY, LeapDayPolicy.LEAP_ONLY),
              Instant.parse("2028-01-01T00:00:00Z"));

      Event kept = changed(overdue, LEAP_DAY, Instant.parse("2028-03-05T00:00:00Z"));

      assertThat(kept.at().local()).isEqualTo("2028-02-29T09:00");
    }

    @Test
    void theEventBeingPerformedIsFollowedByOneOfTheNewData() {
      Event inFlight = first(MAY_5, Instant.parse("2026-01-01T00:00:00Z"));
      Instant now = Instant.parse("2026-05-05T07:00:05Z");
      UserDetails moved = People.in(MAY_5, "Pacific/Auckland");
      UserDetails july = People.born("1990-07-07", "Europe/Berlin");

      Event next = BIRTHDAY.after(inFlight, People.ada(moved), now);
      assertThat(next.at().local()).isEqualTo("2027-05-05T09:00");
      assertThat(next.at().zone()).isEqualTo(moved.timeZone());
      assertThat(next.idempotencyKey()).isEqualTo(next(inFlight).idempotencyKey());
      assertThat(BIRTHDAY.after(inFlight, People.ada(july), now).at().local())
          .isEqualTo("2027-07-07T09:00");
    }

    @Test
    void anEventInFlightSinceLongAgoIsFollowedByItsOwnNextYear() {
      Event inFlight = first(MAY_5, Instant.parse("2020-01-01T00:00:00Z"));

      Event next = BIRTHDAY.after(inFlight, People.ada(People.in(MAY_5, "Asia/Tokyo")), JUNE_2026);

      assertThat(YearlyEventType.year(next)).isEqualTo(2021);
    }
  }

  @Nested
  class AnAnniversary {

    private final YearlyEventType anniversary =
        new YearlyEventType(
            "ANNIVERSARY",
            FollowedDate.CREATED_AT,
            LocalTime.of(10, 0),
            Template.of("{years} years, {first_name}, since {date}"),
            People.ZONES,
            People.IDS);

    @Test
    void followsTheDayOnWhichTheUserWasCreatedInTheirZone() {
      User auckland = People.ada(People.in(MAY_5, "Pacific/Auckland"));

      Event event = anniversary.first(auckland, People.CREATED, NO_YEAR);

      // Created at 12:00Z on 10 January: already the 11th in Auckland.
      assertThat(event.at().local()).isEqualTo("2027-01-11T10:00");
      assertThat(anniversary.payload(event)).contains("1 years, Ada, since 2027-01-11");
    }

    @Test
    void keepsItsDayWhenTheUserMovesOrCorrectsTheBirthday() {
      Event event = anniversary.first(People.ada(MAY_5), People.CREATED, NO_YEAR);
      UserDetails elsewhere = People.born("1991-07-07", "Pacific/Auckland");

      Event moved = anniversary.changed(event, People.ada(elsewhere), JUNE_2026, NO_YEAR);

      assertThat(moved.at().local()).isEqualTo("2027-01-10T10:00");
      assertThat(moved.at().zone()).isEqualTo(elsewhere.timeZone());
    }
  }

  @Nested
  class AnEndpoint {

    private final YearlyEventType toPartners =
        new YearlyEventType(
            "PARTNERS",
            FollowedDate.DATE_OF_BIRTH,
            LocalTime.of(9, 0),
            YearlyEventType.BIRTHDAY_MESSAGE,
            People.ZONES,
            People.IDS,
            "partners");

    @Test
    void isNotChosenByDefault() {
      assertThat(BIRTHDAY.destination(first(MAY_5, JUNE_2026))).isEmpty();
    }

    @Test
    void isTheTypesWhereTheUserChoseNone() {
      Event event = toPartners.first(People.ada(MAY_5), JUNE_2026, NO_YEAR);

      assertThat(toPartners.destination(event)).contains("partners");
    }

    @Test
    void isTheUsersWhereTheUserChoseOneAndStaysSoYearAfterYear() {
      User user = People.ada(MAY_5.withEndpoint("of-ada"));
      Event event = toPartners.first(user, JUNE_2026, NO_YEAR);
      Event next = toPartners.next(event).orElseThrow();

      assertThat(toPartners.destination(event)).contains("of-ada");
      assertThat(toPartners.destination(next)).contains("of-ada");
    }
  }

  @Test
  void theDataIsWhatTheNextEventNeeds() {
    assertThat(first(MAY_5, JUNE_2026).data())
        .isEqualTo(
            "{\"first_name\":\"Ada\",\"last_name\":\"Lovelace\",\"date_of_birth\":\"1990-05-05\","
                + "\"created_on\":\"2026-01-10\",\"leap_day_policy\":\"FEB_28\"}");
    assertThat(first(People.at(MAY_5, LocalTime.of(7, 30)), JUNE_2026).data())
        .endsWith("\"leap_day_policy\":\"FEB_28\",\"delivery_time\":\"07:30\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "small", "1A", "A-B", "A B", "Ä"})
  void namesAreCapitalsDigitsAndUnderscores(String name) {
    assertThatThrownBy(() ->
            new YearlyEventType(
                name,
                FollowedDate.CREATED_AT,
                LocalTime.NOON,
                YearlyEventType.BIRTHDAY_MESSAGE,
                People.ZONES,
                People.IDS))
        .hasMessage("name must match [A-Z][A-Z0-9_]{0,63}");
  }

  private static Event first(UserDetails details, Instant now) {
    return BIRTHDAY.first(People.ada(details), now, NO_YEAR);
  }

  private static Event next(Event event) {
    return BIRTHDAY.next(event).orElseThrow();
  }

  private static Event changed(Event pending, UserDetails details, Instant now) {
    return BIRTHDAY.changed(pending, People.ada(details), now, NO_YEAR);
  }
}
