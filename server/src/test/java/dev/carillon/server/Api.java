package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.server.security.Role;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

/** What tests ask of a running server, as a caller with a token. */
record Api(RunningServer server, String token) {

  static final String USERS = "/v1/user";
  static final String EVENTS = "/v1/events";
  static final String DEAD_LETTERS = "/v1/dead-letters";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
  private static final int LEAP_YEAR = 1992;
  private static final int MAX_CREATIONS = 5;

  static Api of(RunningServer server) {
    return new Api(server, RunningServer.token(Role.ADMIN));
  }

  /** The same server, as somebody else. */
  Api as(Role role, String subject) {
    return new Api(server, RunningServer.token(role, subject));
  }

  HttpResponse<String> send(String method, String path, String body) {
    HttpRequest.Builder request = server.request(path).header("Authorization", "Bearer " + token);
    return server.send(
        body.isEmpty()
            ? request.method(method, BodyPublishers.noBody())
            : request
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body)));
  }

  HttpResponse<String> get(String path) {
    return send("GET", path, "");
  }

  HttpResponse<String> post(String path) {
    return send("POST", path, "");
  }

  /** What is answered with 200. */
  JsonNode read(String path) {
    return ok(get(path));
  }

  static JsonNode ok(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return json(response);
  }

  static JsonNode json(HttpResponse<String> response) {
    return tree(response.body());
  }

  static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A user whose birthday is not soon. */
  static ObjectNode ada() {
    LocalDateTime later = LocalDateTime.now(ZoneOffset.UTC).plusDays(100);
    return JSON.createObjectNode()
        .put("first_name", "Ada")
        .put("last_name", "Lovelace")
        .put("date_of_birth", later.toLocalDate().withYear(LEAP_YEAR).toString())
        .put("time_zone", "Europe/London");
  }

  /** A user whose birthday is in one to two seconds. */
  static ObjectNode adaSoon() {
    LocalDateTime due =
        LocalDateTime.now(ZoneOffset.UTC).plusSeconds(2).truncatedTo(ChronoUnit.SECONDS);
    return ada()
        .put("date_of_birth", due.toLocalDate().withYear(LEAP_YEAR).toString())
        .put("time_zone", "Etc/UTC")
        .put("delivery_time", "%tT".formatted(due));
  }

  JsonNode create(ObjectNode user) {
    HttpResponse<String> response = send("POST", USERS, user.toString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return json(response);
  }

  /** Creates a user and returns the id. */
  String id(ObjectNode user) {
    return create(user).path("id").textValue();
  }

  /**
   * Creates a user whose birthday is in one to two seconds, and returns the id. One that a server
   * without practice created too late has to wait for next year: then it is done again.
   *
   * @param wish changes the user
   */
  String soon(Consumer<ObjectNode> wish) {
    for (int i = 0; i < MAX_CREATIONS; i++) {
      ObjectNode user = adaSoon();
      wish.accept(user);
      String id = id(user);
      if (instant(birthday(id), "target_timestamp_utc").isBefore(Instant.now().plus(PATIENCE))) {
        return id;
      }
      send("DELETE", USERS + "/" + id, "");
    }
    throw new AssertionError("the server takes seconds to create a user");
  }

  /** A user's events of a type, the newest first. */
  List<JsonNode> events(String user, String type) {
    return list(read("%s?user_id=%s&event_type=%s".formatted(EVENTS, user, type)), "events");
  }

  /** A user's birthday events, the newest first. */
  List<JsonNode> birthdays(String user) {
    return events(user, "BIRTHDAY");
  }

  JsonNode birthday(String user) {
    return birthdays(user).getLast();
  }

  static List<JsonNode> list(JsonNode answer, String name) {
    return StreamSupport.stream(answer.path(name).spliterator(), false).toList();
  }

  static List<String> texts(List<JsonNode> nodes, String field) {
    return nodes.stream().map(node -> node.path(field).asText()).toList();
  }

  static Instant instant(JsonNode node, String field) {
    return Instant.parse(node.path(field).textValue());
  }

  /** The first birthday event of a user once it is in a state. */
  JsonNode await(String user, String status) {
    return until(
        () -> birthday(user), event -> event.path("status").textValue().equals(status), status);
  }

  /** The first birthday event of a user once it says why it waits, or why it failed. */
  JsonNode awaitReason(String user, String part) {
    return until(
        () -> birthday(user), event -> event.path("failure_reason").asText().contains(part), part);
  }

  /** What is seen once it is as it should be. */
  static <T> T until(Supplier<T> look, Predicate<T> good, String what) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    T seen = look.get();
    while (!good.test(seen)) {
      assertThat(System.nanoTime()).as("%s is not %s", seen, what).isLessThan(deadline);
      // The server settles in its own time; asking without a break would be throttled.
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(BETWEEN_LOOKS.toMillis()));
      seen = look.get();
    }
    return seen;
  }

  static void assertProblem(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(response.body())
        .startsWith("{\"type\":\"urn:carillon:problem:")
        .contains("\"status\":" + status, "\"detail\":\"", "\"instance\":\"/", "\"request_id\":\"");
  }

  /** A 400 that names these fields and no other. */
  static void assertNames(HttpResponse<String> response, String... fields) {
    assertProblem(response, 400);
    assertThat(texts(list(json(response), "errors"), "field")).containsExactlyInAnyOrder(fields);
  }
}
