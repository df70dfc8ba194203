package dev.carillon.testkit.clash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carillon.memory.SettableClock;
import dev.carillon.testkit.FakeClashMain;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FakeClashTest {

  private static final String CLAN = "/clans/%23" + GameWorld.clanTag(7).substring(1);

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-22T09:00:00Z"));
  private final FakeClash fake = FakeClash.start(clock);
  private final HttpClient client = HttpClient.newHttpClient();
  private final String key = fake.key("test", "127.0.0.1").bearer();

  @AfterEach
  void close() {
    fake.close();
    client.close();
  }

  @Test
  void itServesClansMembersPlayersAndWarsToAKeyOfTheCallersAddress() throws Exception {
    fake.maxAge(Duration.ofSeconds(90));
    HttpResponse<String> clan = get(CLAN, key);
    assertThat(clan.statusCode()).isEqualTo(200);
    assertThat(clan.body()).contains("\"tag\":\"" + GameWorld.clanTag(7) + "\"", "memberList");
    assertThat(clan.headers().firstValue("Cache-Control")).contains("max-age=90");
    assertThat(get(CLAN + "/members", key).body()).contains("\"items\"");
    assertThat(get(CLAN + "/currentwar", key).body()).contains("\"state\"");
    assertThat(get("/players/%232PP", key).body()).contains("townHallLevel");
    assertThat(get("/players/%23ABC", key).statusCode()).isEqualTo(404);
    assertThat(get(CLAN + "/warlog", key).statusCode()).isEqualTo(404);
    assertThat(fake.arrivals().byStatus()).containsExactly(Map.entry(200, 4L), Map.entry(404, 2L));
  }

  @Test
  void someClansKeepTheirWarLogPrivate() throws Exception {
    GameWorld world = new GameWorld();
    String shy =
        IntStream.range(0, 100)
            .mapToObj(GameWorld::clanTag)
            .filter(tag -> !world.isWarLogPublic(tag))
            .findFirst()
            .orElseThrow();
    HttpResponse<String> war = get("/clans/%23" + shy.substring(1) + "/currentwar", key);
    assertThat(war.statusCode()).isEqualTo(403);
    assertThat(war.body()).contains("\"accessDenied\"");
  }

  @Test
  void aKeyOfAnotherAddressAndNoKeyAreRefused() throws Exception {
    assertThat(get(CLAN, "nonsense").body()).contains("\"accessDenied\"");
    fake.callerAddress("203.0.113.9");
    HttpResponse<String> refused = get(CLAN, key);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("accessDenied.invalidIp", "203.0.113.9");
  }

  @Test
  void callsBeyondTheLimitAreRefusedAndCounted() throws Exception {
    fake.limit(3);
    List<Integer> statuses = IntStream.range(0, 5).mapToObj(_ -> status(CLAN)).toList();
    assertThat(statuses).containsExactly(200, 200, 200, 429, 429);
    assertThat(fake.breaches()).isEqualTo(2);
    assertThat(fake.arrivals().mostInAnySecond()).isEqualTo(5);
  }

  @Test
  void answersTakeAsLongAsItIsToldAndCallsAreNotedWhenTheyCome() throws Exception {
    fake.latency(Duration.ofMillis(30), Duration.ofMillis(40));
    long asked = System.nanoTime();
    get(CLAN, key);
    long took = System.nanoTime() - asked;
    long arrived = fake.arrivals().answered().getFirst().nanos() - asked;
    assertThat(Duration.ofNanos(took)).isGreaterThanOrEqualTo(Duration.ofMillis(30));
    assertThat(Duration.ofNanos(took - arrived)).isGreaterThanOrEqualTo(Duration.ofMillis(30));
    assertThat(arrived).isPositive();
  }

  @Test
  void itDoesToCallsWhatItIsTold() throws Exception {
    for (Trouble trouble :
        List.of(Trouble.TOO_FAST_FOR_A_WHILE, Trouble.MAINTENANCE_PAGE, Trouble.BAD_GATEWAY)) {
      fake.trouble(path -> path.contains("clans") ? trouble : Trouble.NONE);
      assertThat(status(CLAN)).isGreaterThanOrEqualTo(429);
      assertThat(status("/players/%232PP")).isEqualTo(200);
    }
    fake.trouble(Trouble.SLOW);
    assertThat(status(CLAN)).isEqualTo(200);
    fake.trouble(Trouble.RESET);
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> get(CLAN, key));
    assertThat(fake.arrivals().byStatus()).containsKey(0);
  }

  @Test
  void troublesByChanceComeAsOftenAsTheyShould() {
    Troubles troubles = new Troubles(1, Map.of(Trouble.ERROR, 0.25, Trouble.RESET, 0.5));
    List<Trouble> drawn = IntStream.range(0, 10_000).mapToObj(_ -> troubles.apply("")).toList();
    assertThat(drawn.stream().filter(Trouble.ERROR::equals).count()).isBetween(2_300L, 2_700L);
    assertThat(drawn.stream().filter(Trouble.RESET::equals).count()).isBetween(4_800L, 5_200L);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fake.troubles(1, Map.of(Trouble.ERROR, 0.6, Trouble.RESET, 0.6)));
  }

  @Test
  void thePortalKeepsAtMostTenKeys() throws Exception {
    fake.account("dev@example.com", "secret");
    assertThat(
            post("/api/login", "{\"email\":\"dev@example.com\",\"password\":\"no\"}", "")
                .statusCode())
        .isEqualTo(403);
    assertThat(post("/api/apikey/list", "{}", "session=x").statusCode()).isEqualTo(403);
    String session =
        post("/api/login", "{\"email\":\"dev@example.com\",\"password\":\"secret\"}", "")
            .headers()
            .firstValue("Set-Cookie")
            .orElseThrow();
    String wanted = "{\"name\":\"n\",\"description\":\"d\",\"cidrRanges\":[\"127.0.0.1\"]}";
    for (int i = 1; i < 10; i++) {
      assertThat(post("/api/apikey/create", wanted, session).statusCode()).isEqualTo(200);
    }
    assertThat(post("/api/apikey/create", wanted, session).statusCode()).isEqualTo(403);
    String id = fake.keys().getLast().id();
    assertThat(post("/api/apikey/revoke", "{\"id\":\"" + id + "\"}", session).statusCode())
        .isEqualTo(200);
    assertThat(post("/api/apikey/revoke", "{\"id\":\"" + id + "\"}", session).statusCode())
        .isEqualTo(404);
    assertThat(fake.keys()).hasSize(9);
    assertThat(fake.logins()).isEqualTo(2);
  }

  @Test
  void itRunsAsAProcessThatAnswersLines() throws Exception {
    InputStream in = System.in;
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try {
      System.setIn(new ByteArrayInputStream("stats\nclear\nspan 0 5\n".getBytes(UTF_8)));
      System.setOut(new PrintStream(printed, true, UTF_8));
      FakeClashMain.main(new String[] {"0", "30", "1", "2"});
    } finally {
      System.setIn(in);
      System.setOut(out);
    }
    assertThat(printed.toString(UTF_8))
        .startsWith("url=http://127.0.0.1:")
        .contains("calls=0 most_in_any_second=0");
  }

  private int status(String path) {
    try {
      return get(path, key).statusCode();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpResponse<String> get(String path, String bearer)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(fake.apiUrl() + path))
            .header("Authorization", "Bearer " + bearer)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body, String cookie)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(fake.portalUrl() + path))
            .header("Cookie", cookie)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
