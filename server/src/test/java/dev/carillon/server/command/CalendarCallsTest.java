package dev.carillon.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.command.AnsweringServer.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalendarCallsTest {

  private static final String CALENDAR =
      """
      {"name":"closed","dates":["2027-12-25","2027-12-26"],"count":2,"source":"dates",
       "updated_at":"2026-11-22T09:00:00Z"}
      """;

  private final AnsweringServer server = new AnsweringServer();

  @TempDir private Path folder = Path.of("unset");

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void listIsATableOfAllPages() {
    server.answers.put(
        "GET /v1/calendars?limit=500",
        "200 {\"calendars\":[" + CALENDAR + "],\"next_cursor\":\"c\"}");
    server.answers.put(
        "GET /v1/calendars?limit=500&cursor=c",
        "200 {\"calendars\":[{\"name\":\"x\",\"count\":0,\"source\":null}],\"next_cursor\":null}");

    assertThat(run("list").out().lines())
        .containsExactly(
            "NAME    DATES  SOURCE  UPDATED",
            "closed  2      dates   2026-11-22T09:00:00Z",
            "x       0");
  }

  @Test
  void showPrintsTheDates() {
    server.answers.put("GET /v1/calendars/closed", "200 " + CALENDAR);

    assertThat(run("show", "closed").out())
        .contains("dates       [\"2027-12-25\",\"2027-12-26\"]\n");
    assertThat(run("show", "closed", "--json").out()).startsWith("{\"name\":\"closed\",");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "put closed --date 2027-12-25 --date 2027-12-26 | {\"dates\":[\"2027-12-25\",\"2027-12-26\"]}",
        "put closed --fetch https://example.com/a.ics   | {\"url\":\"https://example.com/a.ics\"}",
      })
  void putSaysWhatTheCalendarIsMadeOf(String line, String body) {
    server.answers.put("PUT /v1/calendars/closed", "200 " + CALENDAR);

    assertThat(run(line.split(" "))).isEqualTo(new Result(0, "closed has 2 dates\n", ""));
    assertThat(server.asked.getFirst().type()).isEqualTo("application/json");
    assertThat(server.asked.getFirst().body()).isEqualTo(body);
  }

  @Test
  void aFileIsSentAsItIs() throws IOException {
    server.answers.put(
        "PUT /v1/calendars/closed", "200 " + CALENDAR.strip().replaceAll("}$", ",\"left_out\":3}"));
    String text = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n";
    Path file = Files.writeString(folder.resolve("closed.ics"), text);

    assertThat(run("put", "closed", "--ics", file.toString()).out())
        .isEqualTo("closed has 2 dates, 3 events were left out\n");
    assertThat(server.asked.getFirst().type()).isEqualTo("text/calendar");
    assertThat(server.asked.getFirst().body()).isEqualTo(text);
  }

  @Test
  void deleteDeletes() {
    server.answers.put("DELETE /v1/calendars/a%2Fb", "204 ");

    assertThat(run("delete", "a/b")).isEqualTo(new Result(0, "deleted a/b\n", ""));
  }

  @Test
  void whatTheServerRefusesEndsWithOne() {
    server.answers.put(
        "DELETE /v1/calendars/closed",
        "409 {\"detail\":\"a schedule names the calendar closed\",\"errors\":[]}");

    assertThat(run("delete", "closed"))
        .isEqualTo(new Result(1, "", "carillon: a schedule names the calendar closed\n"));
  }

  @Test
  void badUsageEndsWithTwo() {
    List<Result> results =
        List.of(
            run("put", "closed"),
            run("put", "closed", "--date", "2027-12-25", "--fetch", "x"),
            run("put", "closed", "--ics", "/no/such/file"),
            run("show", ""),
            AnsweringServer.execute(List.of("calendar")));

    assertThat(results).extracting(Result::exit).containsOnly(2);
    assertThat(server.asked).isEmpty();
  }

  private Result run(String... arguments) {
    return server.run("calendar", arguments);
  }
}
