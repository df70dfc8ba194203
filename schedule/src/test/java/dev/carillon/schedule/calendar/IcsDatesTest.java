package dev.carillon.schedule.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carillon.schedule.Calendars;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IcsDatesTest {

  private static final Instant NOW = Instant.parse("2027-06-01T00:00:00Z");
  private static final LocalDate NOW_DATE = LocalDate.parse("2027-06-01");

  @Test
  void aWholeDayIsItsDate() {
    assertThat(dates("DTSTART;VALUE=DATE:20271225")).isEqualTo(days("2027-12-25"));
  }

  @Test
  void theEndIsTheFirstDayAfterIt() {
    assertThat(dates("DTSTART;VALUE=DATE:20271225", "DTEND;VALUE=DATE:20271227"))
        .isEqualTo(days("2027-12-25", "2027-12-26"));
  }

  @Test
  void aDurationIsInDaysOrWeeks() {
    assertThat(dates("DTSTART:20271225", "DURATION:P2D"))
        .isEqualTo(days("2027-12-25", "2027-12-26"));
    assertThat(dates("DTSTART:20271225", "DURATION:P1W")).hasSize(7);
  }

  @Test
  void aYearlyRuleIsFollowedForTenYears() {
    List<LocalDate> dates = dates("DTSTART;VALUE=DATE:20251225", "RRULE:FREQ=YEARLY");

    assertThat(dates).hasSize(12).startsWith(LocalDate.parse("2025-12-25"));
    assertThat(dates.getLast()).isEqualTo("2036-12-25");
  }

  @Test
  void aRuleOfWeekdaysIsFollowedUntilItsEnd() {
    assertThat(
            dates(
                "DTSTART;VALUE=DATE:20271125",
                "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;UNTIL=20291231"))
        .isEqualTo(days("2027-11-25", "2028-11-23", "2029-11-22"));
  }

  @Test
  void datesAreAddedAndLeftOut() {
    assertThat(
            dates(
                "DTSTART;VALUE=DATE:20270101",
                "RRULE:FREQ=DAILY;COUNT=3",
                "RDATE;VALUE=DATE:20270201,20270202",
                "EXDATE;VALUE=DATE:20270102"))
        .isEqualTo(days("2027-01-01", "2027-01-03", "2027-02-01", "2027-02-02"));
  }

  @Test
  @Timeout(20)
  void aRuleOfSecondsHasEachOfItsDaysOnce() {
    assertThat(dates("DTSTART;VALUE=DATE:20270101", "RRULE:FREQ=SECONDLY;UNTIL=20291231"))
        .hasSize(3 * 365 + 1);
  }

  @Test
  void eventsAtATimeOfDayAndCancelledOnesAreLeftOutAndCounted() {
    IcsDates read =
        IcsDates.read(
            calendar(
                "BEGIN:VEVENT",
                "DTSTART;TZID=Europe/Paris:20271225T090000",
                "END:VEVENT",
                "BEGIN:VEVENT",
                "DTSTART;VALUE=DATE:20271226",
                "STATUS:CANCELLED",
                "END:VEVENT",
                "BEGIN:VEVENT",
                "DTSTART;VALUE=DATE:20271227",
                "END:VEVENT"),
            NOW);

    assertThat(read.dates()).containsExactly(LocalDate.parse("2027-12-27"));
    assertThat(read.leftOut()).isEqualTo(2);
  }

  @Test
  void anInstanceThatIsMovedOrCalledOffTakesItsOriginalDayAway() {
    String[] events = {
      event(
          "UID:moved",
          "DTSTART;VALUE=DATE:20271224",
          "RECURRENCE-ID;VALUE=DATE:20271225",
          "SUMMARY:comes before the event that it changes"),
      event("UID:moved", "DTSTART;VALUE=DATE:20261225", "RRULE:FREQ=YEARLY;COUNT=3"),
      event("UID:called off", "DTSTART;VALUE=DATE:20270501", "RRULE:FREQ=YEARLY;COUNT=2"),
      event(
          "UID:called off",
          "DTSTART;VALUE=DATE:20280501",
          "RECURRENCE-ID;VALUE=DATE:20280501",
          "STATUS:CANCELLED"),
      event("UID:another", "DTSTART;VALUE=DATE:20281225"),
      event("UID:at noon", "DTSTART;VALUE=DATE:20270601", "RRULE:FREQ=DAILY;COUNT=2"),
      event("UID:at noon", "DTSTART:20270601T120000Z", "RECURRENCE-ID;VALUE=DATE:20270601"),
      event("UID:as it was", "DTSTART:20270701", "RDATE:20270702"),
      event("UID:as it was", "DTSTART:20270702", "RECURRENCE-ID:20270702")
    };

    IcsDates read = IcsDates.read(calendar(events), NOW);

    assertThat(List.copyOf(read.dates()))
        .isEqualTo(
            days(
                "2026-12-25",
                "2027-05-01",
                "2027-06-02",
                "2027-07-01",
                "2027-07-02",
                "2027-12-24",
                "2028-12-25"));
    assertThat(read.leftOut()).isEqualTo(2);
  }

  @Test
  void whereSeveralEventsHaveNoNameAnInstanceChangesNoneOfThem() {
    assertThat(
            IcsDates.read(
                    calendar(
                        event("DTSTART:20270701"),
                        event("DTSTART:20270801", "RECURRENCE-ID:20270701")),
                    NOW)
                .dates())
        .hasSize(2);
  }

  @Test
  void theFirstAndTheLastDayThatADatabaseKeepsAreRead() {
    assertThat(dates("DTSTART:00010101")).isEqualTo(days("0001-01-01"));
    assertThat(dates("DTSTART:99991231")).isEqualTo(days("9999-12-31"));
  }

  @Test
  void linesAreUnfoldedAndWhatIsNestedIsNotTheEvents() {
    assertThat(
            dates(
                "SUMMARY;X=\"a:b\":Christmas",
                "DTSTART;VALUE=",
                " DATE:2027",
                "\t1225",
                "BEGIN:VALARM",
                "TRIGGER:-P1D",
                "DURATION:P9D",
                "END:VALARM"))
        .isEqualTo(days("2027-12-25"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DTSTART:20100101\nDURATION:P366D\nRRULE:FREQ=DAILY;UNTIL=20360101",
        "DTSTART:20100101\nDURATION:P366D",
        "DTSTART:20270101\nRRULE:FREQ=DAILY;COUNT=1",
        "DTSTART:20270101\nRRULE:FREQ=SECONDLY;INTERVAL=2;BYSECOND=1",
        "DTSTART:20270101\nRRULE:FREQ=SECONDLY;COUNT=100000",
        "DTSTART:20270101\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
      })
  @Timeout(60)
  void aTextIsOnlySoMuchWorkHoweverManyEventsItHas(String event) {
    String[] many = new String[14_000];
    Arrays.fill(many, "BEGIN:VEVENT\n" + event + "\nEND:VEVENT");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> IcsDates.read(calendar(many), NOW))
        .withMessageContaining("more work than 100000 days, starts and rules");
  }

  @Test
  void aLargeCalendarOfSingleDaysAndOneOfManyRulesAreRead() {
    String[] days = new String[Calendars.MAX_DATES];
    Arrays.setAll(days, i -> event("DTSTART:" + basic(LocalDate.EPOCH.plusDays(i))));
    String[] rules = new String[400];
    Arrays.setAll(rules, i -> event("DTSTART:" + basic(NOW_DATE.plusDays(i)), "RRULE:FREQ=YEARLY"));

    assertThat(IcsDates.read(calendar(days), NOW).dates()).hasSize(Calendars.MAX_DATES);
    assertThat(IcsDates.read(calendar(rules), NOW).dates()).hasSizeGreaterThan(3_600);
  }

  @Test
  void aCalendarWithoutEventsHasNoDates() {
    assertThat(IcsDates.read(calendar(), NOW).dates()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "hello                                   | line 1 is not of the form NAME:value",
        "BEGIN:VCARD/END:VCARD                   | begins with BEGIN:VCALENDAR",
        "BEGIN:VCALENDAR/BEGIN:VEVENT            | ends before END:VCALENDAR",
        "BEGIN:VCALENDAR                         | ends before END:VCALENDAR",
        "BEGIN:VCALENDAR/BEGIN:VEVENT/DTSTART:20271301/END:VEVENT/END:VCALENDAR | line 3: DTSTART is no date",
        "BEGIN:VCALENDAR/BEGIN:VEVENT/DTSTART:20270101/RRULE:FREQ=OFTEN/END:VEVENT/END:VCALENDAR | line 2: the event's RRULE cannot be read",
        "BEGIN:VCALENDAR/BEGIN:VEVENT/DTSTART:20270101/DTEND:20290101/END:VEVENT/END:VCALENDAR | more than 366 days",
        "BEGIN:VCALENDAR/BEGIN:VEVENT/DTSTART:19000101/RRULE:FREQ=DAILY/END:VEVENT/END:VCALENDAR | more than 10000 dates",
        "BEGIN:VCALENDAR/BEGIN:VEVENT/DTSTART:00000101/END:VEVENT/END:VCALENDAR | line 3: DTSTART is not in the years 0001 to 9999",
        "BEGIN:VCALENDAR/BEGIN:VEVENT/DTSTART:20270101/RDATE:00001231/END:VEVENT/END:VCALENDAR | line 4: RDATE is not in the years 0001 to 9999",
        "BEGIN:VCALENDAR/BEGIN:VEVENT/DTSTART:99991231/DURATION:P2D/END:VEVENT/END:VCALENDAR | line 2: the event has days after 9999-12-31"
      })
  void whatIsNoCalendarIsRefusedWithTheReason(String lines, String reason) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IcsDates.read(lines.replace('/', '\n'), NOW))
        .withMessageContaining(reason);
  }

  private static List<LocalDate> dates(String... event) {
    return List.copyOf(IcsDates.read(calendar(event(event)), NOW).dates());
  }

  private static String event(String... lines) {
    return "BEGIN:VEVENT\r\n" + String.join("\r\n", lines) + "\r\nEND:VEVENT";
  }

  private static String basic(LocalDate date) {
    return DateTimeFormatter.BASIC_ISO_DATE.format(date);
  }

  private static String calendar(String... lines) {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
        + String.join("\r\n", lines)
        + (lines.length == 0 ? "" : "\r\n")
        + "END:VCALENDAR\r\n";
  }

  private static List<LocalDate> days(String... texts) {
    return Arrays.stream(texts).map(LocalDate::parse).toList();
  }
}
