package dev.carillon.server;

import static dev.carillon.server.Api.assertNames;
import static dev.carillon.server.Api.assertProblem;
import static dev.carillon.server.Api.json;
import static dev.carillon.server.Api.list;
import static dev.carillon.server.Api.ok;
import static dev.carillon.server.Api.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.server.security.Role;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CalendarIT {

  private static final String SCHEDULES = "/v1/schedules";
  private static final String CALENDARS = "/v1/calendars/";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final RunningServer server = RunningServer.shared();
  private final Api api = Api.of(server);

  @Nested
  class Previewing {

    @Test
    void theNextTimesOfARuleAreShownWithoutMakingIt() {
      JsonNode preview =
          ok(
              api.send(
                  "POST",
                  SCHEDULES + "/preview",
                  "{\"expression\": \"cron(30 2 * * ? *)\", \"zone\": \"Europe/Berlin\", \"gap\": \"shift_forward\", \"after\": \"2027-03-27T12:00:00Z\", \"count\": 2}"));

      assertThat(texts(list(preview, "next"), "at"))
          .containsExactly("2027-03-28T01:30:00Z", "2027-03-29T00:30:00Z");
      assertThat(preview.path("next").get(0).path("note").textValue()).contains("does not exist");
      assertThat(preview.path("ends").booleanValue()).isFalse();
    }

    @Test
    void aSchedulesNextTimesAreShown() {
      String id = made(schedule("cron(0 9 L * ? *)"));
      JsonNode preview = read(id, "/preview?count=2&after=2027-01-01T00:00:00Z");

      assertThat(texts(list(preview, "next"), "at"))
          .containsExactly("2027-01-31T09:00:00Z", "2027-02-28T09:00:00Z");
      assertNames(api.get(SCHEDULES + "/" + id + "/preview?count=0"), "count");
    }
  }

  @Nested
  class Calendars {

    @Test
    void aCalendarIsMadeReadReplacedAndDeletedUnlessItIsUsed() {
      String name = "cal-" + COUNT.incrementAndGet();
      JsonNode made = ok(api.send("PUT", CALENDARS + name, "{\"dates\": [\"2027-12-25\"]}"));
      assertThat(made.path("count").intValue()).isEqualTo(1);

      ObjectNode body = schedule("cron(0 9 25 12 ? *)");
      body.putArray("calendars").add(name);
      String id = made(body);
      assertThat(texts(list(read(id, "/preview?count=1&after=2027-01-01T00:00:00Z"), "next"), "at"))
          .containsExactly("2028-12-25T09:00:00Z");
      assertProblem(api.send("DELETE", CALENDARS + name, ""), 409);
      api.send("DELETE", SCHEDULES + "/" + id, "");
      assertThat(api.send("DELETE", CALENDARS + name, "").statusCode()).isEqualTo(204);
      assertProblem(api.get(CALENDARS + name), 404);
    }

    @Test
    void anIcsFileIsUploaded() {
      String name = "ics-" + COUNT.incrementAndGet();
      HttpResponse<String> response =
          server.send(
              server
                  .as(Role.ADMIN, CALENDARS + name)
                  .header("Content-Type", "text/calendar")
                  .PUT(
                      BodyPublishers.ofString(
                          "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20271225\nEND:VEVENT\nEND:VCALENDAR\n")));

      assertThat(ok(response).path("dates").get(0).textValue()).isEqualTo("2027-12-25");
      assertThat(texts(list(api.read("/v1/calendars?limit=500"), "calendars"), "name"))
          .contains(name);
    }

    @Test
    void whatIsNoCalendarIsRefused() {
      assertNames(api.send("PUT", CALENDARS + "x", "{}"), "dates");
      assertNames(api.send("PUT", CALENDARS + "x", "{\"dates\": [\"2027-02-30\"]}"), "dates");
      assertNames(api.send("PUT", CALENDARS + "x", "{\"ics\": \"hello\"}"), "ics");
      assertNames(api.send("PUT", CALENDARS + "a%20b", "{\"dates\": []}"), "name");
    }
  }

  @Nested
  class ByUrl {

    private final IcsServer source = IcsServer.open();
    private final String name = "url-" + COUNT.incrementAndGet();

    @AfterEach
    void close() {
      api.send("DELETE", CALENDARS + name, "");
      source.close();
    }

    @Test
    void aCalendarIsFetchedAtOnceAndRemembersItsSource() {
      source.lists("/h.ics", "20271225");
      source.redirects("/moved", 301, "/h.ics");
      JsonNode made = ok(put("/moved"));

      assertThat(made.path("dates").get(0).textValue()).isEqualTo("2027-12-25");
      assertThat(made.path("source").textValue()).isEqualTo("url");
      assertThat(made.path("left_out").intValue()).isZero();
      JsonNode read = api.read(CALENDARS + name);
      assertThat(read.path("url").textValue()).isEqualTo(source.url("/moved"));
      assertThat(read.path("fetched_at")).isEqualTo(made.path("fetched_at"));
      assertThat(read.has("last_error")).isFalse();
      assertThat(source.asked()).containsExactly("/moved", "/h.ics");
    }

    @Test
    void aChangeAtTheSourceMovesASchedulesNextTimeWhenItIsFetched() {
      String next = "20%02d1225".formatted(LocalDate.now(ZoneOffset.UTC).getYear() % 100 + 1);
      source.lists("/h.ics");
      ok(put("/h.ics"));
      ObjectNode body = schedule("cron(0 9 25 12 ? " + next.substring(0, 4) + "-2190)");
      body.putArray("calendars").add(name);
      String id = made(body);
      assertThat(read(id, "").path("next_at").textValue()).startsWith(next.substring(0, 4));

      source.lists("/h.ics", next);
      JsonNode refreshed = ok(api.post(CALENDARS + name + "/refresh"));
      assertThat(refreshed.path("count").intValue()).isEqualTo(1);
      String after = String.valueOf(Integer.parseInt(next.substring(0, 4)) + 1);
      Api.until(
          () -> read(id, "").path("next_at").asText(), at -> at.startsWith(after), after + "-...");
      api.send("DELETE", SCHEDULES + "/" + id, "");
    }

    @Test
    void aSourceThatBreaksIsToldAndTheDatesAreKept() {
      source.lists("/h.ics", "20271225");
      JsonNode made = ok(put("/h.ics"));
      source.answers("/h.ics", 500, "");

      HttpResponse<String> refused = api.post(CALENDARS + name + "/refresh");
      assertProblem(refused, 502);
      assertThat(refused.body()).contains("it answered with the status 500");
      JsonNode read = api.read(CALENDARS + name);
      assertThat(read.path("dates")).isEqualTo(made.path("dates"));
      assertThat(read.path("fetched_at")).isEqualTo(made.path("fetched_at"));
      assertThat(read.path("last_error").textValue()).isEqualTo("it answered with the status 500");
      Api.until(
          () -> api.read("/health").path("calendars").path("failing").intValue(),
          failing -> failing == 1,
          "1");
      assertThat(server.err())
          .anyMatch(line ->
              line.contains("WARN")
                  && line.contains("the calendar " + name + " cannot be fetched"));

      source.lists("/h.ics", "20271225");
      assertThat(ok(api.post(CALENDARS + name + "/refresh")).has("last_error")).isFalse();
      Api.until(
          () -> api.read("/health").path("calendars").path("failing").intValue(),
          failing -> failing == 0,
          "0");
    }

    @Test
    void whatCannotBeFetchedMakesNoCalendar() {
      source.answers("/large", 200, "x".repeat(1_000_001));
      source.answers("/page", 200, "<html>");
      source.redirects("/inside", 302, "http://10.0.0.1/?token=topsecret");
      assertProblem(put("/none"), 502);
      assertThat(put("/large").body()).contains("longer than 1000000 bytes");
      assertThat(put("/page").body()).contains("no calendar that can be read");
      assertNames(put("/inside"), "url");
      assertNames(putUrl("https://10.0.0.1/h.ics"), "url");
      assertNames(putUrl("file:///etc/passwd"), "url");
      assertNames(putUrl("webcal://user@example.org/h.ics"), "url");
      assertNames(
          api.send("PUT", CALENDARS + name, "{\"url\": \"https://a.b/\", \"dates\": []}"), "dates");
      assertProblem(api.get(CALENDARS + name), 404);
    }

    @Test
    void onlyACalendarWithAUrlIsFetched() {
      assertProblem(api.post(CALENDARS + name + "/refresh"), 404);
      source.lists("/h.ics", "20271225");
      ok(put("/h.ics"));
      JsonNode given = ok(api.send("PUT", CALENDARS + name, "{\"dates\": [\"2027-01-01\"]}"));
      assertThat(given.has("url")).isFalse();
      assertProblem(api.post(CALENDARS + name + "/refresh"), 409);
      assertProblem(api.as(Role.USER, name).post(CALENDARS + name + "/refresh"), 403);
    }

    private HttpResponse<String> put(String path) {
      return putUrl(source.url(path));
    }

    private HttpResponse<String> putUrl(String url) {
      String body = JSON.createObjectNode().put("url", url).toString();
      return api.send("PUT", CALENDARS + name, body);
    }
  }

  private static ObjectNode schedule(String expression) {
    ObjectNode body =
        JSON.createObjectNode()
            .put("name", "times-" + COUNT.incrementAndGet())
            .put("expression", expression);
    body.putObject("target").put("kind", "webhook");
    return body;
  }

  private String made(ObjectNode body) {
    HttpResponse<String> response = api.send("POST", SCHEDULES, body.toString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return json(response).path("id").textValue();
  }

  private JsonNode read(String id, String below) {
    return api.read(SCHEDULES + "/" + id + below);
  }
}
