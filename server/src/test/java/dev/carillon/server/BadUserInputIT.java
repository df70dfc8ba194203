package dev.carillon.server;

import static dev.carillon.server.Api.ada;
import static dev.carillon.server.Api.assertNames;
import static dev.carillon.server.Api.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.http.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is sent, the answer says what is wrong and nothing is stored. */
class BadUserInputIT {

  private static final RunningServer SERVER = RunningServer.shared();
  private static final Api API = Api.of(SERVER);

  /** Wrong for every field, whatever it means. */
  private static final List<String> NEVER_GOOD =
      List.of(
          "7", "1.5", "true", "[]", "{}", "[\"x\"]", "1e999", text("a\\u0000b"), text("\\ud800"));

  /** Wrong values, as JSON, by field. */
  private static final Map<String, List<String>> WRONG =
      Map.of(
          "first_name", names(),
          "last_name", names(),
          "date_of_birth",
              with(
                  "null",
                  text(""),
                  text(" "),
                  text("2001-02-30"),
                  text("2001-02-29"),
                  text("2001-13-01"),
                  text("2001-00-10"),
                  text("1899-12-31"),
                  text("0000-01-01"),
                  text("99999-01-01"),
                  text("+99999-01-01"),
                  text("-0001-01-01"),
                  text("2999-01-01"),
                  text("01.02.1990"),
                  text("1990-1-2"),
                  text("19900102"),
                  text(" 1990-01-02"),
                  text("1990-01-02T00:00:00Z"),
                  text("1990-01-02\\n"),
                  text("x".repeat(5000)),
                  text("\u0661\u0669\u0669\u0660-\u0660\u0661-\u0660\u0662")),
          "time_zone",
              with(
                  "null",
                  text(""),
                  text(" "),
                  text("Mars/Olympus"),
                  text("+02:00"),
                  text("UTC+2"),
                  text("GMT+2"),
                  text("Z"),
                  text("europe/berlin"),
                  text("Europe/Berlin "),
                  text("../../etc/passwd"),
                  text("Europe/Berlin\\u0000"),
                  text("x".repeat(5000))),
          "leap_day_policy",
              with(
                  text(""),
                  text("feb_28"),
                  text("FEB_29"),
                  text("FEB_28 "),
                  text("x".repeat(5000))),
          "delivery_time",
              with(
                  text(""),
                  text("9:00"),
                  text("24:00"),
                  text("12:60"),
                  text("12:00:60"),
                  text("12:00:00.5"),
                  text("12:00Z"),
                  text("noon"),
                  text("12:00\\n"),
                  text("x".repeat(5000))));

  private JsonNode user = API.create(ada());
  private JsonNode events = eventsOf(user);

  static Stream<Arguments> wrongFields() {
    return WRONG.entrySet().stream()
        .flatMap(
            field -> field.getValue().stream().map(value -> Arguments.of(field.getKey(), value)));
  }

  @ParameterizedTest
  @MethodSource("wrongFields")
  void aWrongFieldIsNamed(String field, String value) {
    String body = ada().remove(List.of(field)).toString().replaceFirst("}$", "");
    String wrong = "%s,\"%s\":%s}".formatted(body, field, value);

    assertNames(API.send("POST", Api.USERS, wrong), field);
    assertNames(API.send("PUT", path(), wrong), field);
  }

  @ParameterizedTest
  @FieldSource("NEEDED")
  void aMissingFieldIsNamed(String field) {
    String body = ada().without(field).toString();

    assertNames(API.send("POST", Api.USERS, body), field);
    assertNames(API.send("PUT", path(), body), field);
  }

  static final List<String> NEEDED =
      List.of("first_name", "last_name", "date_of_birth", "time_zone");

  @Test
  void nobodyIsBornTomorrow() {
    LocalDate tomorrow = LocalDate.now(ZoneOffset.ofHours(14)).plusDays(1);

    assertNames(
        API.send("POST", Api.USERS, ada().put("date_of_birth", tomorrow.toString()).toString()),
        "date_of_birth");
  }

  @Test
  void anUnknownFieldIsNamed() {
    assertNames(API.send("POST", Api.USERS, ada().put("id", "1").toString()), "id");
    assertNames(API.send("PUT", path(), ada().put("a\u0007\u202e\n", "1").toString()), "a???");
  }

  @Test
  void allWrongFieldsAreNamedAtOnce() {
    assertNames(API.send("POST", Api.USERS, "{}"), NEEDED.toArray(String[]::new));
  }

  static Stream<Arguments> wrongBodies() {
    String good = ada().toString();
    return Stream.of(
        Arguments.of("an array", "[" + good + "]"),
        Arguments.of("a string", "\"Ada\""),
        Arguments.of("a number", "7"),
        Arguments.of("null", "null"),
        Arguments.of("nothing", ""),
        Arguments.of("blank", " \n"),
        Arguments.of("cut short", good.substring(0, good.length() - 1)),
        Arguments.of("cut in a text", good.substring(0, 20)),
        Arguments.of("followed by a word", good + "x"),
        Arguments.of("followed by another", good + good),
        Arguments.of("twice the same field", good.replaceFirst("\\{", "{\"first_name\":\"A\",")),
        Arguments.of("nested deep", good.replace("\"Ada\"", "[".repeat(1000) + "]".repeat(1000))),
        Arguments.of("a long number", good.replace("\"Ada\"", "1" + "0".repeat(5000))),
        Arguments.of("a long name", good.replace("last_name", "l".repeat(60_000))),
        Arguments.of("half a surrogate in a name", good.replace("last_name", "\\ud800")),
        Arguments.of("not a number", good.replace("\"Ada\"", "NaN")),
        Arguments.of("single quotes", good.replace('"', '\'')),
        Arguments.of("a comment", "/* */" + good),
        Arguments.of("a form", "first_name=Ada&last_name=Lovelace"),
        Arguments.of("a control in a text", good.replace("Ada", "A\u0007da")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongBodies")
  void aWrongBodyIsAProblem(String what, String body) {
    HttpResponse<String> response = sendBytes("POST", Api.USERS, body, StandardCharsets.UTF_8);

    assertThat(response.body()).as(what).doesNotContain("jackson", "StreamRead", "java.");
    assertProblem(response, 400);
    assertProblem(sendBytes("PUT", path(), body, StandardCharsets.UTF_8), 400);
  }

  @Test
  void aBodyOf65KibibytesIsTooLarge() {
    String body = ada().put("first_name", "x".repeat(65 * 1024)).toString();

    assertThat(body.length()).isGreaterThan(Json.MAX_BODY_BYTES);
    assertProblem(API.send("POST", Api.USERS, body), 413);
    assertProblem(API.send("PUT", path(), body), 413);
  }

  static Stream<Charset> otherCharsets() {
    return Stream.of("UTF-16", "UTF-16LE", "UTF-32", "ISO-8859-1").map(Charset::forName);
  }

  @ParameterizedTest
  @MethodSource("otherCharsets")
  void onlyUtf8IsRead(Charset charset) {
    String body = ada().put("first_name", "Zoë").toString();

    assertProblem(sendBytes("POST", Api.USERS, body, charset), 400);
    assertProblem(sendBytes("PUT", path(), body, charset), 400);
  }

  @ParameterizedTest
  @MethodSource("dev.carillon.server.HttpIT$Authentication#badTokens")
  void aBrokenTokenReachesNothing(String token) {
    Api broken = new Api(SERVER, token);

    for (String method : List.of("GET", "PUT", "DELETE")) {
      assertProblem(broken.send(method, path(), "PUT".equals(method) ? "{}" : ""), 401);
    }
    assertProblem(broken.send("POST", Api.USERS, ada().toString()), 401);
    assertProblem(broken.get(path() + "/events"), 401);
    assertProblem(broken.get(Api.EVENTS), 401);
    assertProblem(broken.get(Api.DEAD_LETTERS), 401);
  }

  @BeforeEach
  void theUserIsTheNewest() {
    assertThat(newest()).isEqualTo(user);
  }

  @AfterEach
  void nothingWasStored() {
    assertThat(newest()).isEqualTo(user);
    assertThat(eventsOf(user)).isEqualTo(events);
  }

  private String path() {
    return Api.USERS + "/" + user.path("id").textValue();
  }

  private static JsonNode newest() {
    return API.read(Api.USERS + "?limit=1").path("users").path(0);
  }

  private static JsonNode eventsOf(JsonNode user) {
    return API.read(Api.USERS + "/" + user.path("id").textValue() + "/events");
  }

  private static HttpResponse<String> sendBytes(
      String method, String path, String body, Charset charset) {
    HttpRequest.Builder request =
        SERVER
            .request(path)
            .header("Authorization", "Bearer " + API.token())
            .header("Content-Type", "application/json; charset=" + charset.name());
    return SERVER.send(request.method(method, BodyPublishers.ofByteArray(body.getBytes(charset))));
  }

  private static List<String> names() {
    return with(
        "null",
        text(""),
        text("   "),
        text("\\u00a0"),
        text("x".repeat(101)),
        text("\u00e9".repeat(101)),
        text("x".repeat(60_000)),
        text("a\\nb"),
        text("Ada\\n"),
        text("a\\u007fb"),
        text("a\\u0085b"),
        text("a\\u2028b"),
        text("a\\u202eb"),
        text("\\udc00\\ud800"));
  }

  private static List<String> with(String... values) {
    List<String> all = new ArrayList<>(NEVER_GOOD);
    all.addAll(List.of(values));
    return all;
  }

  /** A JSON text; escapes in it are JSON's. */
  private static String text(String value) {
    return "\"" + value + "\"";
  }
}
