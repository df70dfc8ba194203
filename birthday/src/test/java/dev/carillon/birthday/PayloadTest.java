package dev.carillon.birthday;

import static dev.carillon.birthday.UserEventType.NO_YEAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.event.Event;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {

  private static final YearlyEventType BIRTHDAY = People.BIRTHDAY;
  private static final UserDetails MAY_5 = People.born("1990-05-05", "Europe/Berlin");
  private static final Instant JUNE_2026 = Instant.parse("2026-06-01T00:00:00Z");

  @Test
  void isAStandardWebhook() {
    Event event = first(People.at(MAY_5, LocalTime.of(7, 30)), JUNE_2026);

    assertThat(BIRTHDAY.payload(event))
        .isEqualTo(
            ("{'type':'BIRTHDAY','timestamp':'2027-05-05T05:30:00Z','data':{"
                    + "'event_id':'%s','user_id':'%s',"
                    + "'first_name':'Ada','last_name':'Lovelace',"
                    + "'message':'Hey, Ada Lovelace it~s your birthday','year':2027,"
                    + "'local_time':'2027-05-05T07:30:00','time_zone':'Europe/Berlin',"
                    + "'idempotency_key':'BIRTHDAY:%s:2027'}}")
                .formatted(event.id(), People.ADA, People.ADA)
                .replace('\'', '"')
                .replace('~', '\''));
    assertThat(BIRTHDAY.payload(event)).isEqualTo(BIRTHDAY.payload(event));
  }

  @Test
  void saysTheNominalTimeOfASkippedDay() {
    Event event =
        first(People.born("1980-12-30", "Pacific/Apia"), Instant.parse("2011-12-01T00:00:00Z"));

    assertThat(BIRTHDAY.payload(event))
        .contains("\"local_time\":\"2011-12-30T09:00:00\"")
        .contains("\"timestamp\":\"2011-12-30T19:00:00Z\"");
  }

  @Test
  void doesNotExpandBracesOfNames() {
    Event event = first(People.named(MAY_5, "{last_name}", "\"}{{"), JUNE_2026);

    assertThat(BIRTHDAY.payload(event))
        .contains("\"message\":\"Hey, {last_name} \\\"}{{ it's your birthday\"");
  }

  @Test
  void knowsEveryPlaceholder() {
    YearlyEventType all =
        new YearlyEventType(
            "ALL",
            FollowedDate.DATE_OF_BIRTH,
            LocalTime.NOON,
            Template.of("{first_name}|{last_name}|{date_of_birth}|{age}|{years}|{year}|{date}"),
            People.ZONES,
            People.IDS);

    assertThat(all.payload(all.first(People.ada(MAY_5), JUNE_2026, NO_YEAR)))
        .contains("Ada|Lovelace|1990-05-05|37|37|2027|2027-05-05");
  }

  @Test
  void staysUnderTwentyKilobytesWithTheLongestNamesAndTemplate() {
    String name = "\"".repeat(100);
    String wide = "🎂".repeat(100);
    Template template = Template.of("{last_name}".repeat(45) + "12345");
    YearlyEventType longest =
        new YearlyEventType(
            "LONGEST",
            FollowedDate.DATE_OF_BIRTH,
            LocalTime.NOON,
            template,
            People.ZONES,
            People.IDS);
    User user = People.ada(People.named(MAY_5, name, wide));

    String payload = longest.payload(longest.first(user, JUNE_2026, NO_YEAR));

    assertThat(payload.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(18_000, 20_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "{}",
        "{\"first_name\":1}",
        "{\"first_name\":\"A\",\"last_name\":\"B\",\"date_of_birth\":\"2023-02-30\","
            + "\"created_on\":\"2026-01-01\",\"leap_day_policy\":\"FEB_28\"}",
        "{\"first_name\":\"A\",\"last_name\":\"B\",\"date_of_birth\":\"2023-02-20\","
            + "\"created_on\":\"2026-01-01\",\"leap_day_policy\":\"NEVER\"}"
      })
  void cannotBeMadeOfBrokenData(String data) {
    Event good = first(MAY_5, JUNE_2026);
    Event broken =
        new Event(good.id(), good.subject(), good.type(), good.idempotencyKey(), good.at(), data);

    assertThatThrownBy(() -> BIRTHDAY.payload(broken))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the data of event " + good.id() + " cannot be read: ");
  }

  @Test
  void toleratesDataOfALaterRelease() {
    Event good = first(MAY_5, JUNE_2026);
    String data = good.data().replaceFirst("\\{", "{\"nickname\":null,");
    Event later =
        new Event(good.id(), good.subject(), good.type(), good.idempotencyKey(), good.at(), data);

    assertThat(BIRTHDAY.payload(later)).isEqualTo(BIRTHDAY.payload(good));
  }

  private static Event first(UserDetails details, Instant now) {
    return BIRTHDAY.first(People.ada(details), now, NO_YEAR);
  }
}
