package dev.carillon.server;

import static dev.carillon.server.Api.ok;
import static dev.carillon.server.Api.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.testkit.EmbeddedDatabase;
import dev.carillon.testkit.clash.Arrival;
import dev.carillon.testkit.clash.FakeClash;
import dev.carillon.testkit.clash.GameWorld;
import dev.carillon.testkit.clash.Trouble;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers on one database that refresh together, until one of them is killed or stopped. */
@Timeout(180)
class RefreshClusterIT {

  private static final int LIMIT = 30;

  /** What the JVM exits with when it was asked to end, by the convention of 128 and the signal. */
  private static final int ASKED_TO_STOP = 143;

  private static final String SUMMARY = "/v1/refresh-requests/summary";
  private static final Pattern PROCESSED =
      Pattern.compile("(?m)^carillon_refresh_processed_requests_total\\S* ([0-9.E]+)$");

  private static EmbeddedDatabase postgres = EmbeddedDatabase.forTests();
  private static String url = postgres.create("refreshing");
  private static Database database = Database.open(Database.Address.of(url));
  private static FakeClash fake = FakeClash.start(InstantSource.system());
  private static String key = fake.key("by hand", "127.0.0.1").bearer();
  private static RunningServer lasting = start();

  private final Api one = Api.of(lasting);

  @BeforeAll
  static void onlyTestsStartDrains() {
    Api api = Api.of(lasting);
    until(
        () -> api.read(SUMMARY).path("last_drain").path("ended").asText(),
        "empty"::equals,
        "the drain of the schedule that the server made");
    ok(api.send("POST", "/v1/schedules/clash-of-clans/pause?group=refresh", "{}"));
  }

  @AfterEach
  void nothingIsLeft() {
    fake.trouble(Trouble.NONE);
    fake.arrivals().clear();
    database.jdbi().useHandle(handle -> handle.execute("DELETE FROM refresh_request"));
  }

  @AfterAll
  static void stop() {
    lasting.close();
    fake.close();
    database.close();
    postgres.close();
    assertThat(RunningServer.leaks()).isEmpty();
  }

  @Test
  void twoServersCallEachRequestOnceAtOneRate() {
    try (RunningServer other = start()) {
      double before = processed(lasting);
      ask(0, 150);
      drain(one);
      drain(Api.of(other));
      until(() -> rows("refresh_request"), count -> count == 0, "an empty queue");

      assertThat(calls().values()).hasSize(150).containsOnly(1L);
      assertThat(fake.arrivals().mostInAnySecond())
          .as("one call may come late on a busy machine; two rates would be twice as many")
          .isLessThanOrEqualTo(LIMIT + 1);
      assertThat(fake.arrivals().rate())
          .as("no server waits for the other")
          .isGreaterThan(0.2 * LIMIT);
      until(() -> processed(lasting) - before, count -> count > 0, "a part of the work");
      until(() -> processed(other), count -> count > 0, "a part of the work");
    }
  }

  @Test
  void aServerThatIsKilledLosesNothingAndOnlyWhatItHadInHandIsCalledAgain() throws Exception {
    RunningServer other = start();
    fake.trouble(Trouble.SLOW);
    ask(1_000, 1_240);
    drain(one);
    drain(Api.of(other));
    until(() -> known(1_000, 1_240).size(), count -> count > 80, "half of the work");
    other.crash();
    until(() -> tags("SELECT tag FROM refresh_request WHERE lease IS NULL"), Set::isEmpty, "rest");
    until(() -> one.read(SUMMARY).path("running"), running -> running.isEmpty(), "the end");

    Set<String> inHand = tags("SELECT tag FROM refresh_request");
    assertThat(inHand).as("it was killed at work").isNotEmpty();
    Set<String> safe = known(1_000, 1_240);
    safe.addAll(inHand);
    assertThat(safe).hasSize(240);

    // A minute passes.
    database.jdbi().useHandle(h -> h.execute("UPDATE refresh_request SET leased_until = now()"));
    fake.trouble(Trouble.NONE);
    drain(one);
    until(() -> rows("refresh_request"), count -> count == 0, "an empty queue");

    assertThat(known(1_000, 1_240)).hasSize(240);
    calls()
        .forEach((tag, count) ->
            assertThat(count).as(tag).isLessThanOrEqualTo(inHand.contains(tag) ? 2 : 1));
  }

  @Test
  void aServerThatIsAskedToStopFinishesWhatItHasInHandAndLeavesTheRest() throws Exception {
    RunningServer other = start();
    fake.trouble(Trouble.SLOW);
    ask(2_000, 2_240);
    drain(Api.of(other));
    until(() -> fake.arrivals().count(), count -> count > 30, "calls");

    assertThat(other.stop()).isEqualTo(ASKED_TO_STOP);

    Set<String> known = known(2_000, 2_240);
    assertThat(calls()).as("every call was finished, and kept").hasSameSizeAs(known);
    assertThat(calls().values()).containsOnly(1L);
    assertThat(tags("SELECT tag FROM refresh_request WHERE lease IS NULL AND takes = 0"))
        .hasSize(240 - known.size());
    assertThat(rows("refresh_request")).isEqualTo(240 - known.size());
    assertThat(one.read(SUMMARY).path("last_drain").path("ended").asText()).isEqualTo("stopped");
  }

  private static RunningServer start() {
    return RunningServer.start(
        Map.of(
            "DATABASE_URL",
            url.replaceFirst("jdbc:postgresql://([^?]*).*", "postgres://postgres@$1"),
            "ENCRYPTION_KEY",
            OwnEndpoints.ENCRYPTION_KEY,
            "COC_KEYS",
            key,
            "COC_BASE_URL",
            fake.apiUrl().toString(),
            "COC_REQS_PER_SEC",
            Integer.toString(LIMIT)));
  }

  private void ask(int from, int to) {
    String wishes =
        IntStream.range(from, to)
            .mapToObj(i -> "{\"type\":\"clan\",\"tag\":\"%s\"}".formatted(GameWorld.clanTag(i)))
            .collect(Collectors.joining(",", "[", "]"));
    HttpResponse<String> answer = one.send("POST", "/v1/refresh-requests", wishes);
    assertThat(Api.json(answer).path("queued").asInt()).as(answer.body()).isEqualTo(to - from);
  }

  private static void drain(Api api) {
    assertThat(api.post("/v1/refresh").statusCode()).isEqualTo(202);
  }

  /** How often each clan was called. */
  private static Map<String, Long> calls() {
    return fake.arrivals().answered().stream()
        .map(Arrival::path)
        .map(path -> path.replace("/v1/clans/%23", "#"))
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }

  /** Those of some clans that are in the database. */
  private static Set<String> known(int from, int to) {
    Set<String> known = tags("SELECT tag FROM refresh_record WHERE found AND type = 'clan'");
    known.retainAll(IntStream.range(from, to).mapToObj(GameWorld::clanTag).toList());
    return known;
  }

  private static Set<String> tags(String sql) {
    List<String> tags =
        database.jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(String.class).list());
    return new HashSet<>(tags);
  }

  private static int rows(String table) {
    return database
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery("SELECT count(*) FROM <t>")
                .define("t", table)
                .mapTo(int.class)
                .one());
  }

  /** How many requests a server has done. */
  private static double processed(RunningServer server) {
    Matcher line = PROCESSED.matcher(server.send(server.request("/metrics")).body());
    assertThat(line.find()).isTrue();
    return Double.parseDouble(line.group(1));
  }
}
