package dev.carillon.birthday;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.carillon.time.LeapDayPolicy;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserInputTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 22);

  @Test
  void theRequiredFieldsAreEnough() {
    assertThat(valid(good()))
        .isEqualTo(
            new UserDetails(
                "Ada",
                "Lovelace",
                LocalDate.of(2000, 2, 29),
                ZoneId.of("Europe/London"),
                LeapDayPolicy.FEB_28,
                null));
  }

  @Test
  void everyFieldIsRead() {
    UserDetails details =
        valid(good().put("leap_day_policy", "MAR_1").put("delivery_time", "07:30:15"));

    assertThat(details.leapDayPolicy()).isEqualTo(LeapDayPolicy.MAR_1);
    assertThat(details.deliveryTime()).isEqualTo("07:30:15");
    assertThat(valid(good().put("delivery_time", "23:59")).deliveryTime()).isEqualTo("23:59:00");
  }

  @Test
  void anEndpointIsKeptUnderItsIdAndAnUnknownOneIsRefused() {
    assertThat(valid(good().put("endpoint", "partners")).endpoint())
        .isEqualTo("the-id-of-partners");
    assertThat(valid(good()).endpoint()).isNull();
    assertRefused("endpoint", TextNode.valueOf("unknown"));
  }

  @Test
  void nullMeansTheDefaultWhereThereIsOne() {
    UserDetails details = valid(good().putNull("leap_day_policy").putNull("delivery_time"));

    assertThat(details.leapDayPolicy()).isEqualTo(LeapDayPolicy.FEB_28);
    assertThat(details.deliveryTime()).isNull();
  }

  @Test
  void everyBadFieldIsReportedAtOnceByItsName() throws JsonProcessingException {
    List<FieldError> errors =
        errors(
            MAPPER.readTree(
                """
                {"first_name": 7, "last_name": "", "date_of_birth": "2023-02-30",
                 "time_zone": "UTC+2", "leap_day_policy": "feb_28", "delivery_time": "24:00",
                 "id": 1}
                """));

    assertThat(errors)
        .containsExactly(
            new FieldError("first_name", "must be a text of 1 to 100 characters"),
            new FieldError("last_name", "must not be blank: from 1 to 100 characters"),
            new FieldError(
                "date_of_birth",
                "must be a date YYYY-MM-DD that exists, from 1900-01-01 to 2026-11-22"),
            new FieldError(
                "time_zone",
                "must be the IANA name of a time zone, such as Europe/Berlin; an offset is none"),
            new FieldError("leap_day_policy", "must be FEB_28, MAR_1 or LEAP_ONLY"),
            new FieldError(
                "delivery_time", "must be a time HH:MM or HH:MM:SS from 00:00 to 23:59:59"),
            new FieldError(
                "id",
                "is not a known field: first_name, last_name, date_of_birth, time_zone,"
                    + " leap_day_policy, delivery_time, endpoint are"));
  }

  @Test
  void whatIsNoObjectIsRefused() throws JsonProcessingException {
    for (String json : List.of("[]", "\"Ada\"", "7", "true", "null", "")) {
      assertThat(errors(MAPPER.readTree(json))).extracting(FieldError::field).containsOnly("body");
    }
    assertThat(UserInput.parse(null, TODAY, People.ZONES, UserInputTest::endpoint))
        .isInstanceOf(UserInput.Invalid.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"first_name", "last_name", "date_of_birth", "time_zone"})
  void missingAndNullAreTheSame(String field) {
    ObjectNode missing = good();
    missing.remove(field);
    ObjectNode nulled = good().putNull(field);

    assertThat(errors(missing)).singleElement().extracting(FieldError::field).isEqualTo(field);
    assertThat(errors(missing).getFirst().message()).startsWith("is required: ");
    assertThat(errors(nulled)).isEqualTo(errors(missing));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "first_name",
        "last_name",
        "date_of_birth",
        "time_zone",
        "leap_day_policy",
        "delivery_time"
      })
  void anotherJsonTypeIsRefused(String field) throws JsonProcessingException {
    for (String wrong : List.of("1", "1.5", "true", "{}", "[]", "[\"Ada\"]", "1e999")) {
      assertRefused(field, MAPPER.readTree(wrong));
    }
  }

  @Nested
  class Names {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "O'Brien",
          "Müller-Lüdenscheidt",
          "佐藤",
          "محمد",
          "می\u200cخواهم",
          "Zoë 🎂",
          "{first_name}",
          "<script>",
          "\"; DROP TABLE users; --"
        })
    void anyScriptIsANameAndStaysAsItIs(String name) {
      assertThat(valid(good().put("first_name", name)).firstName()).isEqualTo(name);
    }

    @Test
    void blanksAroundANameAreDroppedThoseInsideStay() {
      UserDetails details = valid(good().put("last_name", " \u00a0 de la  Cruz \u3000"));

      assertThat(details.lastName()).isEqualTo("de la  Cruz");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u00a0", "\u3000 \u2003"})
    void blankNamesAreRefused(String name) {
      assertThat(errors(good().put("first_name", name)))
          .containsExactly(
              new FieldError("first_name", "must not be blank: from 1 to 100 characters"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "A\u0000da",
          "Ada\n",
          "\tAda",
          "A\u001bda",
          "A\u007fda",
          "A\u0085da",
          "A\u2028da",
          "\u202eadA",
          "A\u2066da",
          "A\ud83cda",
          "\udf82",
          "\r\n"
        })
    void controlsAndHalvesOfCharactersAreRefused(String name) {
      assertThat(errors(good().put("first_name", name)))
          .containsExactly(new FieldError("first_name", "must not contain control characters"));
    }

    @Test
    void aHundredCharactersAreAllowedAsPeopleCountThem() {
      assertThat(valid(good().put("first_name", "🎂".repeat(100))).firstName()).hasSize(200);
      assertThat(valid(good().put("first_name", "a".repeat(100) + "  ")).firstName()).hasSize(100);
      assertThat(errors(good().put("first_name", "a".repeat(101))))
          .containsExactly(new FieldError("first_name", "must not be longer than 100 characters"));
      assertThat(errors(good().put("last_name", "a".repeat(1_000_000)))).hasSize(1);
    }
  }

  @Nested
  class DatesOfBirth {

    @ParameterizedTest
    @ValueSource(strings = {"1900-01-01", "2000-02-29", "2026-11-22"})
    void fromTheFirstToTodayTheyAreAllowed(String date) {
      assertThat(valid(good().put("date_of_birth", date)).dateOfBirth()).isEqualTo(date);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "2026-11-23",
          "1899-12-31",
          "0000-01-01",
          "-2000-01-01",
          "+2000-01-01",
          "99999-01-01",
          "2023-02-29",
          "2023-02-30",
          "1900-02-29",
          "2023-13-01",
          "2023-00-10",
          "2023-01-00",
          "2023-04-31",
          "23-01-01",
          "2023-1-1",
          "01.02.2023",
          "2023-01-01T00:00:00Z",
          "2023-01-01 ",
          "٢٠٢٣-٠١-٠١",
          "\u00002023-01-01"
        })
    void otherDatesAndOtherTextsAreRefused(String date) {
      assertRefused("date_of_birth", good().put("x", date).get("x"));
    }

    @ParameterizedTest
    @CsvSource({
      "2026-11-22T09:59:59Z, 2026-11-22",
      "2026-11-22T10:00:00Z, 2026-11-23",
      "2026-11-22T23:59:59Z, 2026-11-23"
    })
    void todayIsTheDateWhereTheDayBeginsFirst(Instant now, LocalDate today) {
      assertThat(UserInput.latestToday(now)).isEqualTo(today);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "+02:00", "UTC+2", "GMT-3", "Z", "Mars/Base", "europe/berlin", "UTC\u0000"})
  void whatIsNoRegionIsRefused(String zone) {
    assertRefused("time_zone", good().put("x", zone).get("x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "US/Pacific", "Asia/Kolkata", "Asia/Calcutta", "Etc/GMT-14"})
  void utcAndAliasesAreAllowed(String zone) {
    assertThat(valid(good().put("time_zone", zone)).timeZone()).isEqualTo(ZoneId.of(zone));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "9:00", "9", "24:00", "09:60", "09:00:60", "09:00:00.5", "09:00Z"})
  void whatIsNoTimeOfDayIsRefused(String time) {
    assertRefused("delivery_time", good().put("x", time).get("x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "feb_28", "FEB_29", "MAR_1 ", "null"})
  void whatIsNoLeapDayPolicyIsRefused(String policy) {
    assertRefused("leap_day_policy", good().put("x", policy).get("x"));
  }

  @Test
  void unknownFieldsAreNamedButNotWithoutEnd() {
    ObjectNode many = good();
    for (int i = 0; i < 10_000; i++) {
      many.put("extra" + i, i);
    }

    assertThat(errors(many)).hasSize(JsonFields.MAX_UNKNOWN);
    assertThat(errors(good().put("x\u0000\n\ud83c".repeat(1_000), 1)).getFirst().field())
        .isEqualTo("x???".repeat(16));
  }

  @Test
  void detailsCannotBeMadePastTheRules() {
    UserDetails ada = People.born("2000-02-29", "Europe/London");

    assertThatThrownBy(() -> People.named(ada, " Ada", "Lovelace"))
        .hasMessage("firstName must not begin or end with a blank");
    assertThatThrownBy(() -> People.named(ada, "Ada", "")).hasMessageContaining("lastName");
    assertThatThrownBy(() -> People.born("1899-12-31", "UTC"))
        .hasMessage("dateOfBirth is 1899-12-31: from 1900-01-01 is allowed");
    assertThatThrownBy(() -> People.in(ada, "+02:00")).hasMessageContaining("not a region");
    assertThatThrownBy(() -> People.in(ada, "UTC+2")).hasMessageContaining("not a region");
    assertThatThrownBy(() -> People.at(ada, LocalTime.of(9, 0, 0, 1)))
        .hasMessage("deliveryTime is not in whole seconds");
    assertThatThrownBy(() -> new UserInput.Invalid(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ObjectNode good() {
    return MAPPER.valueToTree(
        Map.of(
            "first_name", "Ada",
            "last_name", "Lovelace",
            "date_of_birth", "2000-02-29",
            "time_zone", "Europe/London"));
  }

  private static void assertRefused(String field, JsonNode value) {
    ObjectNode body = good();
    body.set(field, value);

    assertThat(errors(body)).singleElement().extracting(FieldError::field).isEqualTo(field);
  }

  private static UserDetails valid(JsonNode body) {
    return switch (UserInput.parse(body, TODAY, People.ZONES, UserInputTest::endpoint)) {
      case UserInput.Valid valid -> valid.details();
      case UserInput.Invalid invalid -> throw new AssertionError(invalid.errors().toString());
    };
  }

  private static List<FieldError> errors(JsonNode body) {
    return switch (UserInput.parse(body, TODAY, People.ZONES, UserInputTest::endpoint)) {
      case UserInput.Valid valid -> throw new AssertionError(valid.details().toString());
      case UserInput.Invalid invalid -> invalid.errors();
    };
  }

  private static Optional<String> endpoint(String ref) {
    return Optional.of("the-id-of-" + ref).filter(_ -> !ref.equals("unknown"));
  }
}
