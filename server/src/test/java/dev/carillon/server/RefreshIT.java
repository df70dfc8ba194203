package dev.carillon.server;

import static dev.carillon.server.Api.assertNames;
import static dev.carillon.server.Api.assertProblem;
import static dev.carillon.server.Api.json;
import static dev.carillon.server.Api.list;
import static dev.carillon.server.Api.ok;
import static dev.carillon.server.Api.texts;
import static dev.carillon.server.Api.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.refresh.queue.RedisUrl;
import dev.carillon.server.security.Role;
import dev.carillon.testkit.clash.FakeClash;
import dev.carillon.testkit.clash.GameWorld;
import dev.carillon.testkit.clash.Trouble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;
import redis.embedded.RedisServer;

class RefreshIT {

  private static final String REQUESTS = "/v1/refresh-requests";
  private static final String SUMMARY = REQUESTS + "/summary";
  private static final String FAILURES = "/v1/refresh-failures";
  private static final String SCHEDULE = "/v1/schedules/clash-of-clans?group=refresh";

  private static FakeClash fake = FakeClash.start(InstantSource.system());
  private static RunningServer server = RunningServer.start(settings(Map.of()));

  private final Api api = Api.of(server);

  @BeforeAll
  static void aDrainOfTheScheduleThatTheServerMade() {
    Api api = Api.of(server);
    until(
        () -> api.read(SUMMARY).path("last_drain"),
        drain -> drain.path("ended").asText().equals("empty"),
        "a drain by the schedule that ended");
    assertThat(api.read(SCHEDULE).path("target").path("kind").asText()).isEqualTo("refresh");
    // From now on every drain is one that a test started.
    ok(api.send("POST", "/v1/schedules/clash-of-clans/pause?group=refresh", "{}"));
  }

  @AfterAll
  static void stop() {
    server.close();
    fake.close();
  }

  @Test
  void whatIsAskedForOnceIsFetchedOnceAndFreshAfterwards() {
    String clan = GameWorld.clanTag(1);
    String player = GameWorld.clanTag(2);
    JsonNode asked =
        asked(
            "[%s,%s,%s,%s,%s]"
                .formatted(
                    wish("clan", clan),
                    wish("clan", clan.toLowerCase(Locale.ROOT)),
                    wish("player", player),
                    wish("clan", "!"),
                    wish("tank", "#2PP")));

    assertThat(asked.path("queued").intValue()).isEqualTo(2);
    assertThat(asked.path("kept").intValue()).isEqualTo(1);
    assertThat(list(asked, "invalid"))
        .extracting(one -> one.path("index").intValue())
        .containsExactly(3, 4);
    assertThat(texts(list(asked, "invalid"), "reason").getLast())
        .isEqualTo("type must be one of clan, player, war");

    drained();

    JsonNode record = read("clan", clan);
    assertThat(record.path("data").path("tag").asText()).isEqualTo(clan);
    assertThat(record.path("data_source").asText()).isEqualTo("cached");
    assertThat(record.path("stale").booleanValue()).isFalse();
    assertThat(record.path("queued").booleanValue()).isFalse();
    assertThat(record.path("lag_seconds").doubleValue()).isBetween(0.0, 60.0);
    assertThat(Instant.parse(record.path("fresh_until").asText())).isAfter(Instant.now());
    assertThat(callsOf(clan)).isEqualTo(1);
    assertThat(asked(wish("clan", clan)).path("fresh").intValue()).isEqualTo(1);
  }

  @Test
  void whatWasNeverFetchedIsQueuedByReadingIt() {
    String clan = GameWorld.clanTag(3);

    HttpResponse<String> first = api.get(path("clan", clan));
    assertThat(first.statusCode()).isEqualTo(202);
    assertThat(first.headers().firstValue("retry-after")).isPresent();
    assertThat(json(first).path("queued").booleanValue()).isTrue();
    drained();

    HttpResponse<String> second = api.get(path("clan", clan) + "?priority=critical");
    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(second.headers().firstValue("age")).isPresent();
    assertThat(second.headers().firstValue("last-modified")).isPresent();
  }

  @Test
  void whatTheSourceDoesNotHaveIsNotFound() {
    String nobody = "#000PP";
    asked(wish("clan", nobody));
    drained();

    HttpResponse<String> answer = api.get(path("clan", nobody));
    assertProblem(answer, 404);
    assertThat(json(answer).path("detail").asText())
        .startsWith("clash-of-clans/clan/#000PP: there is none, as of ");
  }

  @Test
  void aFailedCallIsKeptAndMadeAgainOnlyWhenItIsRedriven() {
    String clan = GameWorld.clanTag(4);
    fake.trouble(path -> path.endsWith(clan.substring(1)) ? Trouble.ERROR : Trouble.NONE);
    asked(wish("clan", clan).replace("}", ",\"priority\":0}"));
    drained();
    drained();
    assertThat(callsOf(clan)).isEqualTo(1);

    JsonNode failure = list(api.read(FAILURES + "?limit=1"), "failures").getFirst();
    assertThat(failure.path("tag").asText()).isEqualTo(clan);
    assertThat(failure.path("priority").asText()).isEqualTo("critical");
    assertThat(failure.path("reason").asText()).startsWith("answered 500");

    fake.trouble(Trouble.NONE);
    String redrive = FAILURES + "/" + failure.path("id").asText() + "/redrive";
    assertThat(ok(api.post(redrive)).path("redriven").intValue()).isEqualTo(1);
    assertProblem(api.post(redrive), 404);
    drained();

    assertThat(api.get(path("clan", clan)).statusCode()).isEqualTo(200);
    assertThat(api.read(SUMMARY).path("failures_last_day").intValue()).isPositive();
  }

  @Test
  void whatIsWrongIsToldByItsField() {
    assertNames(api.send("POST", REQUESTS, "{\"type\":\"clan\",\"tag\":\"!\"}"), "tag");
    assertNames(api.send("POST", REQUESTS, "{\"tag\":\"#2PP\",\"x\":1}"), "type", "x");
    assertNames(api.get("/v1/records/clash-of-clans/tank/%232PP"), "type");
    assertNames(api.get("/v1/records/chess/clan/%232PP"), "source");
    assertNames(api.get(path("clan", "#2PP") + "?priority=soon"), "priority");
    assertNames(api.get(FAILURES + "?cursor=x"), "cursor");
    assertNames(api.post(FAILURES + "/x/redrive"), "id");
    assertNames(
        api.send(
            "POST",
            "/v1/schedules",
            "{\"name\":\"r\",\"expression\":\"rate(1 day)\",\"target\":{\"kind\":\"refresh\",\"source\":\"x\"}}"),
        "target");
  }

  @Test
  void anApiKeyStartsADrainAndAUserDoesNot() {
    String key =
        json(api.send("POST", "/v1/api-keys", "{\"name\":\"refresh\",\"role\":\"service\"}"))
            .path("key")
            .asText();

    HttpResponse<String> started =
        server.send(
            server.request("/v1/refresh").header("x-api-key", key).POST(BodyPublishers.noBody()));
    assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
    assertThat(json(started).path("source").asText()).isEqualTo("clash-of-clans");
    assertThat(json(started).path("next_free").isTextual()).isTrue();
    assertProblem(api.as(Role.USER, "somebody").post("/v1/refresh"), 403);
    assertProblem(server.send(server.request(SUMMARY)), 401);
  }

  @Test
  void healthAndMetricsTellOfAnIdleQueueToo() {
    JsonNode health = api.read("/health");

    assertThat(health.fieldNames())
        .toIterable()
        .startsWith("status", "queue_size", "timestamp")
        .contains("database", "events", "refresh");
    assertThat(health.path("status").asText()).isEqualTo("healthy");
    assertThat(health.path("queue_size").isIntegralNumber()).isTrue();
    assertThat(health.path("timestamp").doubleValue())
        .isBetween(Instant.now().getEpochSecond() - 60.0, Instant.now().getEpochSecond() + 2.0);
    assertThat(health.path("timestamp").isNumber()).isTrue();
    assertThat(health.path("refresh").path("limit").doubleValue()).isEqualTo(30);
    assertThat(health.path("refresh").path("pause_reason").isNull()).isTrue();
    assertThat(server.send(server.request("/health")).body()).doesNotContain("E9");
    assertThat(server.send(server.request("/metrics")).body())
        .contains(
            "carillon_refresh_processed_requests_total",
            "carillon_refresh_queue_size",
            "carillon_refresh_api_requests_per_second");
  }

  @Nested
  class WithoutASource {

    private final Api shared = Api.of(RunningServer.shared());

    @Test
    void everythingSaysWhatToSet() {
      for (String path : List.of(SUMMARY, FAILURES, path("clan", "#2PP"))) {
        assertProblem(shared.get(path), 409);
      }
      HttpResponse<String> refused = shared.post("/v1/refresh");
      assertProblem(refused, 409);
      assertThat(json(refused).path("detail").asText()).contains("COC_KEYS");
      assertThat(shared.read("/health").path("queue_size").intValue()).isZero();
      assertProblem(shared.get(SCHEDULE), 404);
    }
  }

  @Nested
  class WithRedis {

    @Test
    void anInboxIsDrainedAndARedisThatIsAwayIsUnhealthy() throws IOException {
      int port = freePort();
      RedisServer redis =
          RedisServer.newRedisServer().port(port).bind("127.0.0.1").setting("save \"\"").build();
      redis.start();
      String url = "redis://127.0.0.1:" + port + "/3";
      try (RunningServer other = RunningServer.start(settings(Map.of("REDIS_URL", url)));
          UnifiedJedis jedis = RedisUrl.parse(url).open()) {
        Api there = Api.of(other);
        String clan = GameWorld.clanTag(9);
        jedis.rpush("refresh_queue", wish("clan", clan), "{}");
        assertThat(there.post("/v1/refresh").statusCode()).isEqualTo(202);
        until(
            () -> there.get(path("clan", clan)).statusCode(),
            status -> status == 200,
            "the clan of the inbox");
        assertThat(jedis.lrange("refresh_queue:dead", 0, -1))
            .singleElement()
            .asString()
            .contains("type is missing");

        aThousandAreTakenAtOnceAndOneMoreIsNot(there);

        redis.stop();
        HttpResponse<String> health =
            until(() -> there.get("/health"), answer -> answer.statusCode() == 503, "unhealthy");
        assertThat(json(health).path("status").asText()).isEqualTo("unhealthy");
        assertThat(json(health).path("queue_size").isNull()).isTrue();
        assertThat(json(health).path("refresh").path("troubles").size()).isPositive();
        assertProblem(there.post("/v1/refresh"), 503);
        assertProblem(there.send("POST", REQUESTS, wish("clan", "#2PPPPPP")), 503);
        // A reader has the answer all the same.
        assertThat(there.get(path("clan", clan)).statusCode()).isEqualTo(200);
      } finally {
        redis.stop();
      }
    }

    private void aThousandAreTakenAtOnceAndOneMoreIsNot(Api there) {
      String thousand =
          IntStream.range(1_000, 2_000)
              .mapToObj(number -> wish("player", GameWorld.clanTag(number)))
              .map(
                  wish -> wish.replace("}", ",\"source\":\"clash-of-clans\",\"priority\":\"low\"}"))
              .collect(Collectors.joining(",", "[", "]"));

      JsonNode asked = json(there.send("POST", REQUESTS, thousand));
      assertThat(asked.path("queued").intValue()).isEqualTo(1_000);
      JsonNode health =
          until(
              () -> there.read("/health"),
              now -> now.path("refresh").path("oldest").path("low").isTextual(),
              "counted");
      assertThat(health.path("queue_size").longValue()).isPositive();
      assertThat(health.path("refresh").path("counted_at").isTextual()).isTrue();
      assertThat(health.path("refresh").path("oldest").path("critical").isNull()).isTrue();
      assertProblem(there.send("POST", REQUESTS, thousand.replace("]", ",{}]")), 400);
    }
  }

  private static Map<String, String> settings(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("COC_KEYS", fake.key("by hand", "127.0.0.1").bearer());
    settings.put("COC_BASE_URL", fake.apiUrl().toString());
    settings.put("COC_REQS_PER_SEC", "30");
    return settings;
  }

  private JsonNode asked(String wishes) {
    HttpResponse<String> response = api.send("POST", REQUESTS, wishes);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    return json(response);
  }

  /** Drains until the queue is empty. */
  private void drained() {
    String before = api.read(SUMMARY).path("last_drain").path("started_at").asText();
    assertThat(api.post("/v1/refresh").statusCode()).isEqualTo(202);
    until(
        () -> api.read(SUMMARY),
        state ->
            state.path("running").isEmpty()
                && !state.path("last_drain").path("started_at").asText().equals(before)
                && state.path("last_drain").path("ended").asText().equals("empty"),
        "drained");
  }

  private static String wish(String type, String tag) {
    return "{\"type\":\"%s\",\"tag\":\"%s\"}".formatted(type, tag);
  }

  private JsonNode read(String type, String tag) {
    return api.read(path(type, tag));
  }

  private static String path(String type, String tag) {
    return "/v1/records/clash-of-clans/%s/%%23%s".formatted(type, tag.substring(1));
  }

  private static long callsOf(String tag) {
    return fake.arrivals().answered().stream()
        .filter(call -> call.path().equals("/v1/clans/%23" + tag.substring(1)))
        .count();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
