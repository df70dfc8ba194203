package dev.carillon.birthday;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.time.LeapDayPolicy;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BirthdayPreviewTest {

  private static final BirthdayPreview PREVIEW = new BirthdayPreview(People.ZONES);

  @Test
  void aCaseIsAnsweredOnOneLine() {
    assertThat(
            answer(
                """
                {"date_of_birth":"2000-02-29","zone":"America/Los_Angeles","from":2026,"years":3,
                 "at":"09:00","leap":"MAR_1"}
                """))
        .isEqualTo(
            "[{\"year\":2026,\"local\":\"2026-03-01T09:00:00\",\"utc\":\"2026-03-01T17:00:00Z\","
                + "\"note\":null},"
                + "{\"year\":2027,\"local\":\"2027-03-01T09:00:00\",\"utc\":\"2027-03-01T17:00:00Z\","
                + "\"note\":null},"
                + "{\"year\":2028,\"local\":\"2028-02-29T09:00:00\",\"utc\":\"2028-02-29T17:00:00Z\","
                + "\"note\":null}]");
  }

  @Test
  void nineOClockOneYearAnd28FebruaryAreTheDefaults() {
    String full =
        """
        {"date_of_birth":"2000-02-29","zone":"UTC","from":2026,"years":1,"at":"09:00:00",
         "leap":"FEB_28"}
        """;

    assertThat(answer("{\"date_of_birth\":\"2000-02-29\",\"time_zone\":\"UTC\",\"from\":2026}"))
        .isEqualTo(answer(full))
        .isEqualTo(
            "[{\"year\":2026,\"local\":\"2026-02-28T09:00:00\",\"utc\":\"2026-02-28T09:00:00Z\","
                + "\"note\":null}]");
  }

  @Test
  void everyYearHasAnEntryAndThoseWithoutABirthdaySayWhy() {
    List<BirthdayPreview.Entry> entries =
        PREVIEW.entries(
            new PreviewCase(
                LocalDate.of(2096, 2, 29),
                ZoneId.of("UTC"),
                2095,
                11,
                LocalTime.of(9, 0),
                LeapDayPolicy.LEAP_ONLY));

    assertThat(entries).extracting(BirthdayPreview.Entry::year).startsWith(2095).hasSize(11);
    assertThat(entries)
        .filteredOn(entry -> entry.utc() != null)
        .extracting(BirthdayPreview.Entry::year)
        .containsExactly(2096, 2104);
    assertThat(entries.getFirst().note()).isEqualTo("not born yet");
    assertThat(entries.get(5).note()).isEqualTo("2100 has no 29 February: LEAP_ONLY skips it");
    assertThat(BirthdayPreview.json(entries.subList(0, 1)))
        .isEqualTo("[{\"year\":2095,\"local\":null,\"utc\":null,\"note\":\"not born yet\"}]");
  }

  @ParameterizedTest
  @CsvSource({
    "Pacific/Apia,        12-30, 2011, 09:00, 2011-12-31T09:00:00, 2011-12-30T19:00:00Z, the day",
    "Pacific/Kwajalein,   08-21, 1993, 09:00, 1993-08-22T09:00:00, 1993-08-21T21:00:00Z, the day",
    "Pacific/Kiritimati,  12-31, 1994, 09:00, 1995-01-01T09:00:00, 1994-12-31T19:00:00Z, the day",
    "America/Santiago,    09-06, 2026, 00:00, 2026-09-06T01:00:00, 2026-09-06T04:00:00Z, not exist",
    "Africa/Cairo,        04-24, 2026, 00:30, 2026-04-24T01:30:00, 2026-04-23T22:30:00Z, not exist",
    "Australia/Lord_Howe, 10-04, 2026, 02:15, 2026-10-04T02:45:00, 2026-10-03T15:45:00Z, not exist",
    "America/New_York,    11-01, 2026, 01:30, 2026-11-01T01:30:00, 2026-11-01T05:30:00Z, twice"
  })
  void whatTheZoneDoesIsShownAndNoted(
      String zone, String day, int year, LocalTime at, String local, String utc, String note) {
    String json =
        BirthdayPreview.json(
            PREVIEW.entries(
                new PreviewCase(
                    LocalDate.parse("1980-" + day),
                    ZoneId.of(zone),
                    year,
                    1,
                    at,
                    LeapDayPolicy.FEB_28)));

    assertThat(json)
        .contains("\"year\":" + year)
        .contains("\"local\":\"" + local + "\"")
        .contains("\"utc\":\"" + utc + "\"")
        .contains(note);
  }

  @Test
  void aThousandYearsAreListed() {
    String json =
        answer("{\"date_of_birth\":\"1900-01-01\",\"zone\":\"UTC\",\"from\":9000,\"years\":1000}");

    assertThat(json).contains("\"year\":9000").contains("\"utc\":\"9999-01-01T09:00:00Z\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                                                          | case",
        "[]                                                          | case",
        "{\"from\":                                                  | case",
        "{} {}                                                       | case",
        "{\"zone\":\"UTC\",\"from\":1}                               | date_of_birth",
        "{\"date_of_birth\":\"2023-02-30\"}                          | date_of_birth",
        "{\"date_of_birth\":\"0000-01-01\"}                          | date_of_birth",
        "{\"date_of_birth\":20000229}                                | date_of_birth",
        "{\"date_of_birth\":\"2000-02-29\",\"from\":2026}            | zone",
        "{BORN,\"zone\":\"UTC+2\",\"from\":2026}                     | zone",
        "{BORN,\"time_zone\":\"Mars/Base\",\"from\":2026}            | time_zone",
        "{BORN,\"zone\":\"UTC\",\"time_zone\":\"UTC\",\"from\":2026} | time_zone",
        "{BORN,\"zone\":\"UTC\"}                                     | from",
        "{BORN,\"zone\":\"UTC\",\"from\":\"2026\"}                   | from",
        "{BORN,\"zone\":\"UTC\",\"from\":2026.5}                     | from",
        "{BORN,\"zone\":\"UTC\",\"from\":0}                          | from",
        "{BORN,\"zone\":\"UTC\",\"from\":10000}                      | from",
        "{BORN,\"zone\":\"UTC\",\"from\":99999999999999}             | from",
        "{BORN,\"zone\":\"UTC\",\"from\":2026,\"years\":0}           | years",
        "{BORN,\"zone\":\"UTC\",\"from\":2026,\"years\":1001}        | years",
        "{BORN,\"zone\":\"UTC\",\"from\":9999,\"years\":2}           | years",
        "{BORN,\"zone\":\"UTC\",\"from\":2026,\"years\":true}        | years",
        "{BORN,\"zone\":\"UTC\",\"from\":2026,\"at\":\"9\"}          | at",
        "{BORN,\"zone\":\"UTC\",\"from\":2026,\"leap\":\"NEVER\"}    | leap",
        "{BORN,\"zone\":\"UTC\",\"from\":2026,\"x\":1}               | x"
      })
  void aBadCaseIsAnErrorOnItsLine(String json, String field) {
    String answer = answer(json.replace("BORN", "\"date_of_birth\":\"2000-02-29\""));

    assertThat(answer)
        .startsWith("{\"error\":\"")
        .endsWith("\",\"field\":\"" + field + "\"}")
        .doesNotContain("\n");
  }

  @Test
  void aCaseCannotBeMadePastTheRules() {
    assertThatThrownBy(() -> of(0, 1)).hasMessage("from is 0: from 1 to 9999 are allowed");
    assertThatThrownBy(() -> of(2026, 1_001))
        .hasMessage("years is 1001: from 1 to 1000 are allowed");
    assertThatThrownBy(() -> of(9_999, 2)).hasMessage("years is 2: from 1 to 1 are allowed");
  }

  private static PreviewCase of(int from, int years) {
    return new PreviewCase(
        LocalDate.of(2000, 1, 1),
        ZoneId.of("UTC"),
        from,
        years,
        LocalTime.NOON,
        LeapDayPolicy.FEB_28);
  }

  private static String answer(String json) {
    return PREVIEW.answer(json);
  }
}
