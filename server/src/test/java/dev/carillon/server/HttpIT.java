package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.carillon.server.http.Json;
import dev.carillon.server.security.Role;
import dev.carillon.server.security.TokenIssuer;
import dev.carillon.server.security.TokenRules;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String KEYS = "/v1/api-keys";

  private final RunningServer server = RunningServer.shared();

  @Nested
  class Authentication {

    static Stream<String> badTokens() {
      Clock clock = Clock.systemUTC();
      Duration hour = Duration.ofHours(1);
      JWTClaimsSet claims =
          new JWTClaimsSet.Builder()
              .subject("ann")
              .issuer(RunningServer.ISSUER)
              .audience(RunningServer.AUDIENCE)
              .claim("roles", List.of("admin"))
              .expirationTime(Date.from(Instant.parse("2999-01-01T00:00:00Z")))
              .build();
      TokenRules wrongKey =
          new TokenRules(
              "x".repeat(40), RunningServer.ISSUER, RunningServer.AUDIENCE, null, null, clock);
      TokenRules wrongAudience =
          new TokenRules(RunningServer.SECRET, RunningServer.ISSUER, "x", null, null, clock);
      TokenRules wrongIssuer =
          new TokenRules(RunningServer.SECRET, "x", RunningServer.AUDIENCE, null, null, clock);
      return Stream.of(
          "garbage",
          new PlainJWT(claims).serialize(),
          new TokenIssuer(wrongKey).issue(Role.ADMIN, "ann", hour),
          new TokenIssuer(wrongAudience).issue(Role.ADMIN, "ann", hour),
          new TokenIssuer(wrongIssuer).issue(Role.ADMIN, "ann", hour),
          new TokenIssuer(RunningServer.RULES).issue(Role.ADMIN, "ann", hour.negated()));
    }

    @ParameterizedTest
    @MethodSource("badTokens")
    void aBadTokenIsAProblem(String token) {
      HttpResponse<String> response =
          server.send(server.request(KEYS).header("Authorization", "Bearer " + token));

      assertProblem(response, 401);
      assertThat(response.headers().firstValue("www-authenticate"))
          .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Bearer"));
      assertThat(response.body()).doesNotContain(RunningServer.SECRET);
    }

    @Test
    void noTokenIsAProblem() {
      assertProblem(server.send(server.request(KEYS)), 401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"USER", "SERVICE"})
    void onlyAdministratorsReachApiKeys(Role role) {
      assertProblem(server.send(server.as(role, KEYS)), 403);
    }
  }

  @Nested
  class ApiKeys {

    @Test
    void aKeyWorksFromItsMakingToItsRevocation() throws Exception {
      HttpResponse<String> made =
          server.send(server.post(Role.ADMIN, KEYS, "{\"name\":\"ci\",\"role\":\"admin\"}"));
      JsonNode key = JSON.readTree(made.body());
      String secret = key.path("key").textValue();

      assertThat(made.statusCode()).isEqualTo(201);
      assertThat(made.headers().firstValue("location"))
          .hasValue(server.base() + KEYS + "/" + key.path("id").textValue());
      assertThat(secret).matches("ck_[A-Za-z0-9_-]{43}");
      HttpResponse<String> list = server.send(server.request(KEYS).header("x-api-key", secret));
      assertThat(list.statusCode()).isEqualTo(200);
      assertThat(list.body()).contains(key.path("id").textValue()).doesNotContain(secret);

      HttpRequest.Builder revoke =
          server.as(Role.ADMIN, KEYS + "/" + key.path("id").textValue()).DELETE();
      assertThat(server.send(revoke).statusCode()).isEqualTo(204);
      assertProblem(server.send(server.request(KEYS).header("x-api-key", secret)), 401);
      assertProblem(server.send(revoke), 404);
    }

    @Test
    void aServiceKeyIsNoAdministrator() throws Exception {
      HttpResponse<String> made =
          server.send(server.post(Role.ADMIN, KEYS, "{\"name\":\"s\",\"role\":\"service\"}"));
      String secret = JSON.readTree(made.body()).path("key").textValue();

      assertProblem(server.send(server.request(KEYS).header("x-api-key", secret)), 403);
    }

    @Test
    void anUnknownKeyIsAProblem() {
      assertProblem(
          server.send(server.request(KEYS).header("x-api-key", "ck_" + "a".repeat(43))), 401);
      assertProblem(server.send(server.request(KEYS).header("x-api-key", "' OR 1=1")), 401);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"name\":\"\",\"role\":\"admin\"}",
          "{\"name\":7,\"role\":\"admin\"}",
          "{\"name\":\"a\\u0007b\",\"role\":\"admin\"}",
          "{\"role\":\"admin\"}",
        })
    void aBadNameIsNamed(String body) {
      HttpResponse<String> response = server.send(server.post(Role.ADMIN, KEYS, body));

      assertProblem(response, 400);
      assertThat(response.body()).contains("\"errors\":[{\"field\":\"name\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "root", "ADMIN"})
    void aRoleIsAdminOrService(String role) {
      HttpResponse<String> response =
          server.send(server.post(Role.ADMIN, KEYS, "{\"name\":\"x\",\"role\":\"" + role + "\"}"));

      assertProblem(response, 400);
      assertThat(response.body()).contains("\"errors\":[{\"field\":\"role\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1-1-1-1-1", "%20", "null"})
    void anIdIsAUuid(String id) {
      HttpResponse<String> response = server.send(server.as(Role.ADMIN, KEYS + "/" + id).DELETE());

      assertProblem(response, 400);
      assertThat(response.body()).contains("\"field\":\"id\"");
    }
  }

  @Nested
  class BadRequests {

    @Test
    void brokenJsonIsToldWithItsPlace() {
      HttpResponse<String> response = server.send(server.post(Role.ADMIN, KEYS, "{\"name\":\n}"));

      assertProblem(response, 400);
      assertThat(response.body()).contains("line 2, column 1");
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aHugeBodyIsTooLarge(HttpClient.Version version) {
      String huge = "x".repeat(Json.MAX_BODY_BYTES + 1);

      assertProblem(server.send(server.post(Role.ADMIN, KEYS, huge).version(version)), 413);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aHugeBodyThatDoesNotSayItsLengthIsTooLarge(HttpClient.Version version) {
      byte[] huge = "x".repeat(Json.MAX_BODY_BYTES * 2).getBytes(StandardCharsets.UTF_8);

      assertProblem(
          server.send(
              server
                  .as(Role.ADMIN, KEYS)
                  .version(version)
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(huge)))),
          413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/xml", "multipart/form-data"})
    void onlyJsonIsTaken(String type) {
      assertProblem(
          server.send(
              server
                  .as(Role.ADMIN, KEYS)
                  .header("Content-Type", type)
                  .POST(BodyPublishers.ofString("{}"))),
          415);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aBodyThatDoesNotSayWhatItIsIsNotTaken(HttpClient.Version version) {
      byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
      assertProblem(
          server.send(
              server
                  .as(Role.ADMIN, KEYS)
                  .version(version)
                  .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))),
          415);
    }

    @Test
    void onlyJsonIsGiven() {
      assertProblem(server.send(server.as(Role.ADMIN, KEYS).header("Accept", "text/csv")), 406);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/index.html", "/v1", "/v2/user", "/v1/api-keys/a/b", "/favicon.ico"})
    void aPathThatIsNotThereIsAProblem(String path) {
      assertProblem(server.send(server.as(Role.ADMIN, path)), 404);
    }

    @Test
    void aMethodThatIsNotThereIsAProblem() {
      assertProblem(
          server.send(server.as(Role.ADMIN, KEYS).method("PATCH", BodyPublishers.noBody())), 405);
    }
  }

  @Nested
  class AccessLogging {

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/nowhere", KEYS})
    void everyRequestHasOneLineWithAllFields(String path) throws Exception {
      String id = "it-" + UUID.randomUUID();
      HttpResponse<String> response =
          server.send(server.request(path + "?secret=1").header("x-request-id", id));
      JsonNode line = JSON.readTree(server.accessLine(id));

      assertThat(response.headers().firstValue("x-request-id")).hasValue(id);
      assertThat(line.properties().stream().map(Map.Entry::getKey))
          .containsExactly(
              "requestId",
              "ip",
              "requestTime",
              "httpMethod",
              "resourcePath",
              "status",
              "protocol",
              "responseLength",
              "latency");
      assertThat(line.path("requestId").textValue()).isEqualTo(id);
      assertThat(line.path("ip").textValue()).isEqualTo("127.0.0.1");
      assertThat(line.path("httpMethod").textValue()).isEqualTo("GET");
      assertThat(line.path("resourcePath").textValue()).isEqualTo(path);
      assertThat(line.path("status").intValue()).isEqualTo(response.statusCode());
      assertThat(line.path("responseLength").intValue()).isEqualTo(response.body().length());
      assertThat(line.path("latency").doubleValue()).isPositive();
      assertThat(server.out().stream().filter(l -> l.contains(id))).hasSize(1);
    }

    @Test
    void anIdThatCouldForgeALineIsReplaced() {
      HttpResponse<String> response =
          server.send(server.request("/health").header("x-request-id", "a\",\"status\":\"x"));

      assertThat(response.headers().firstValue("x-request-id"))
          .hasValueSatisfying(id -> assertThat(id).hasSize(36));
    }
  }

  @Nested
  class CrossOrigin {

    @Test
    void aListedOriginIsLetIn() {
      HttpResponse<String> response =
          server.send(server.request("/health").header("Origin", "https://app.test"));

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("access-control-allow-origin"))
          .hasValue("https://app.test");
    }

    @Test
    void aPreflightIsAnsweredWithoutAToken() {
      HttpResponse<String> response =
          server.send(
              server
                  .request(KEYS)
                  .header("Origin", "https://app.test")
                  .header("Access-Control-Request-Method", "POST")
                  .header("Access-Control-Request-Headers", "authorization,content-type")
                  .method("OPTIONS", BodyPublishers.noBody()));

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("access-control-allow-methods")).hasValue("POST");
    }

    @Test
    void anotherOriginIsAProblem() {
      assertProblem(
          server.send(server.request("/health").header("Origin", "https://evil.test")), 403);
    }
  }

  @Nested
  class OpenToAll {

    @Test
    void healthTellsTheDatabaseTheTimeZonesAndTheLag() throws Exception {
      JsonNode health = JSON.readTree(server.send(server.request("/health")).body());

      assertThat(health.path("status").textValue()).isEqualTo("healthy");
      assertThat(health.path("database").path("version").textValue()).startsWith("18");
      assertThat(health.path("tzdata").path("jvm").textValue()).matches("20\\d\\d[a-z]");
      assertThat(health.path("events").path("oldest_due_lag_seconds").isNumber()).isTrue();
    }

    @Test
    void metricsAreThere() {
      HttpResponse<String> metrics = server.send(server.request("/metrics"));

      assertThat(metrics.statusCode()).isEqualTo(200);
      assertThat(metrics.body()).contains("http_server_requests", "jvm_memory_used_bytes");
    }

    @Test
    void thePageOfTheApiIsThere() {
      HttpResponse<String> page = server.send(server.request("/docs/"));

      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.body()).contains("swagger-ui");
    }

    @Test
    void theApiDocumentHasEveryRoute() throws Exception {
      HttpResponse<String> document = server.send(server.request("/openapi?format=json"));
      JsonNode paths = JSON.readTree(document.body()).path("paths");

      assertThat(paths.properties().stream().map(Map.Entry::getKey))
          .contains("/health", KEYS, KEYS + "/{id}");
      assertThat(paths.properties().stream().map(Map.Entry::getKey))
          .contains("/v1/user", "/v1/user/{id}", "/v1/user/{id}/events", "/v1/event-types")
          .contains("/v1/events", "/v1/events/{id}", "/v1/events/{id}/cancel")
          .contains("/v1/events/{id}/retry", "/v1/dead-letters", "/v1/dead-letters/redrive")
          .contains("/v1/dead-letters/{id}/redrive");
      JsonNode make = paths.path(KEYS).path("post");
      assertThat(make.path("responses").properties().stream().map(Map.Entry::getKey))
          .contains("201", "400", "401", "403", "429");
    }
  }

  @Test
  void everyRouteOfTheApiDocumentHasASchemaForItsAnswer() throws Exception {
    HttpResponse<String> document = server.send(server.request("/openapi?format=json"));

    List<String> without =
        JSON.readTree(document.body()).path("paths").properties().stream()
            .flatMap(path ->
                path.getValue().properties().stream()
                    .filter(route -> route.getValue().has("responses"))
                    .filter(route -> !"delete".equals(route.getKey()))
                    .filter(route -> !hasSchema(route.getValue().path("responses")))
                    .map(route -> route.getKey() + " " + path.getKey()))
            .toList();

    assertThat(without).isEmpty();
  }

  private static boolean hasSchema(JsonNode responses) {
    return Stream.of(
            "200/content/application~1json",
            "201/content/application~1json",
            "200/content/text~1event-stream")
        .map(content -> responses.at("/" + content + "/schema/$ref"))
        .anyMatch(JsonNode::isTextual);
  }

  @Test
  void problemsCarryTheIdThatFindsThemInTheLog() throws Exception {
    HttpResponse<String> response = server.send(server.request("/nowhere"));
    JsonNode problem = JSON.readTree(response.body());

    assertThat(response.headers().firstValue("x-request-id"))
        .hasValue(problem.path("request_id").textValue());
    assertThat(problem.path("instance").textValue()).isEqualTo("/nowhere");
  }

  private static void assertProblem(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(response.body())
        .startsWith("{\"type\":\"urn:carillon:problem:")
        .contains("\"status\":" + status, "\"detail\":\"", "\"instance\":\"/", "\"request_id\":\"");
  }
}
