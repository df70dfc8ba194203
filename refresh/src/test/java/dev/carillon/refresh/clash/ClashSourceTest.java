package dev.carillon.refresh.clash;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.carillon.memory.SettableClock;
import dev.carillon.refresh.pace.Departure;
import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.RefreshRequest;
import dev.carillon.refresh.source.Fetched;
import dev.carillon.testkit.clash.FakeClash;
import dev.carillon.testkit.clash.GameWorld;
import dev.carillon.testkit.clash.Trouble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ObjectAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ClashSourceTest {

  private static final Instant NOW = Instant.parse("2026-11-22T09:00:00Z");
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final GameWorld WORLD = new GameWorld();
  private static final RecordKey CLAN = key("clan", GameWorld.clanTag(7));
  private static final RecordKey PLAYER = key("player", WORLD.members(CLAN.tag(), NOW).getFirst());
  private static final RecordKey WAR = key("war", warTag(true));

  private final SettableClock clock = new SettableClock(NOW);
  private final FakeClash fake = FakeClash.start(clock);
  private final ClashSource source = source(fake.key("by hand", "127.0.0.1").bearer());

  @BeforeEach
  void open() throws Exception {
    source.open();
  }

  @AfterEach
  void close() {
    source.close();
    fake.close();
  }

  @Nested
  class Tags {

    @Test
    void areWrittenAsTheGameDoes() {
      assertThat(source.tag("clan", " 2ppo ")).contains("#2PP0");
      assertThat(source.tag("player", "#2PP")).contains("#2PP");
      assertThat(source.tag("war", "#qv2rjl8yg")).contains("#QV2RJL8YG");
    }

    @Test
    void ofOtherCharactersOrLengthsOrTypesAreNone() {
      assertThat(source.tag("clan", "#ABC")).isEmpty();
      assertThat(source.tag("clan", "##2PP")).isEmpty();
      assertThat(source.tag("clan", "#2P")).isEmpty();
      assertThat(source.tag("clan", "#2PP/members")).isEmpty();
      assertThat(source.tag("clan", "#" + "2".repeat(15))).isEmpty();
      assertThat(source.tag("clan", "")).isEmpty();
      assertThat(source.tag("league", "#2PP")).isEmpty();
    }

    @Test
    void thatAreNotTheGamesAreNotAskedFor() throws Exception {
      assertThat(source.fetch(key("clan", "#2pp"), Departure.AT_ONCE))
          .isInstanceOf(Fetched.Failed.class);
      assertThat(source.fetch(key("league", "#2PP"), Departure.AT_ONCE))
          .isInstanceOf(Fetched.Failed.class);
      assertThat(fake.arrivals().count()).isZero();
    }

    @Test
    void areSentEncoded() throws Exception {
      source.fetch(CLAN, Departure.AT_ONCE);
      source.fetch(PLAYER, Departure.AT_ONCE);
      source.fetch(WAR, Departure.AT_ONCE);
      assertThat(fake.arrivals().answered())
          .extracting(arrival -> arrival.path())
          .containsExactly(
              "/v1/clans/%23" + CLAN.tag().substring(1),
              "/v1/players/%23" + PLAYER.tag().substring(1),
              "/v1/clans/%23" + WAR.tag().substring(1) + "/currentwar");
    }
  }

  @Nested
  class ARecordThatComes {

    @Test
    void isAsTheApiWroteIt() throws Exception {
      assertThat(found(CLAN).body().toString()).isEqualTo(WORLD.clan(CLAN.tag(), NOW).toString());
      assertThat(found(PLAYER).body().path("clan").path("tag").asText()).isEqualTo(CLAN.tag());
      assertThat(found(WAR).body().path("state").asText()).isEqualTo("inWar");
      assertThat(found(CLAN).followUps()).isEmpty();
    }

    @Test
    void isFreshAsLongAsTheApiSays() throws Exception {
      fake.maxAge(Duration.ofSeconds(90));
      assertThat(found(CLAN).fetchedAt()).isEqualTo(NOW);
      assertThat(found(CLAN).freshUntil()).isEqualTo(NOW.plusSeconds(90));
    }

    @Test
    void ofAWarAsksForItsClanAndForAnotherLookBeforeItEnds() throws Exception {
      War war = War.read(found(WAR).body()).orElseThrow();
      Instant end = requireNonNull(war.end());
      assertThat(found(WAR).followUps())
          .containsExactly(
              new RefreshRequest(key("clan", WAR.tag()), Priority.CRITICAL, NOW),
              new RefreshRequest(WAR, Priority.CRITICAL, end.minus(War.LAST_LOOK)));
    }

    @Test
    void mayBeThatAClanIsNotAtWar() throws Exception {
      RecordKey peaceful =
          IntStream.range(0, 500)
              .mapToObj(GameWorld::clanTag)
              .filter(WORLD::isWarLogPublic)
              .filter(tag -> WORLD.war(tag, NOW).path("state").asText().equals("notInWar"))
              .map(tag -> key("war", tag))
              .findFirst()
              .orElseThrow();
      assertThat(found(peaceful).followUps()).isEmpty();
    }

    @Test
    void mayBeSlowButNotTooSlow() throws Exception {
      fake.trouble(Trouble.SLOW);
      assertThat(source.fetch(CLAN, Departure.AT_ONCE)).isInstanceOf(Fetched.Found.class);
    }
  }

  @Nested
  class AnAnswerThatIsNoRecord {

    @Test
    void saysThatThereIsNone() throws Exception {
      missing(
          source.fetch(key("clan", "#0002PP"), Departure.AT_ONCE),
          Duration.ofDays(1),
          "there is none");
    }

    @Test
    void saysThatAWarLogIsPrivate() throws Exception {
      RecordKey shy = key("war", warTag(false));
      missing(
          source.fetch(shy, Departure.AT_ONCE),
          Duration.ofHours(6),
          "the clan's war log is private");
      fake.trouble(Trouble.PRIVATE_WAR_LOG);
      failed(source.fetch(CLAN, Departure.AT_ONCE))
          .contains("answered 403: Access denied, war log is private");
    }

    @ParameterizedTest
    @EnumSource(names = {"INVALID_IP", "INVALID_KEY"})
    void saysThatTheKeyIsRefused(Trouble trouble) throws Exception {
      for (RecordKey key : List.of(CLAN, WAR)) {
        source.open();
        fake.trouble(trouble);
        Fetched refused = source.fetch(key, Departure.AT_ONCE);
        assertThat(refused)
            .asInstanceOf(type(Fetched.Refused.class))
            .extracting(Fetched.Refused::reason, as(type(String.class)))
            .asString()
            .startsWith("Invalid authorization");
        fake.trouble(Trouble.NONE);
        clock.advance(KeyRing.PAUSE);
      }
    }

    @Test
    void saysThatItIsCalledTooFast() throws Exception {
      fake.trouble(Trouble.TOO_FAST);
      assertThat(source.fetch(CLAN, Departure.AT_ONCE))
          .isEqualTo(new Fetched.TooFast(CLAN, "Request was throttled: limit exceeded", null));
      fake.trouble(Trouble.TOO_FAST_FOR_A_WHILE);
      assertThat(source.fetch(CLAN, Departure.AT_ONCE))
          .asInstanceOf(type(Fetched.TooFast.class))
          .returns(FakeClash.RETRY_AFTER, Fetched.TooFast::retryAfter);
    }

    @Test
    void saysThatItIsDown() throws Exception {
      fake.trouble(Trouble.MAINTENANCE);
      assertThat(source.fetch(CLAN, Departure.AT_ONCE))
          .isEqualTo(
              new Fetched.Down(
                  CLAN,
                  "503 maintenance: API is currently in maintenance, please come back later",
                  null));
      fake.trouble(Trouble.MAINTENANCE_PAGE);
      assertThat(source.fetch(CLAN, Departure.AT_ONCE))
          .isEqualTo(
              new Fetched.Down(CLAN, "503 maintenance: no reason given", FakeClash.RETRY_AFTER));
    }

    @Test
    void isAFailureWhateverElseItIs() throws Exception {
      failsOnceWith(Trouble.FORBIDDEN, "answered 403: Not from here");
      failsOnceWith(Trouble.BAD_REQUEST, "answered 400: Invalid value");
      failsOnceWith(Trouble.ERROR, "answered 500: Unknown exception");
      failsOnceWith(Trouble.BAD_GATEWAY, "answered 502: no reason given");
      failsOnceWith(Trouble.GATEWAY_TIMEOUT, "answered 504: no reason given");
      failsOnceWith(Trouble.REDIRECT, "answered 302: no reason given");
      failsOnceWith(Trouble.MALFORMED, "sent JSON that is broken or no record");
      failsOnceWith(Trouble.NO_RECORD, "sent JSON that is broken or no record");
      failsOnceWith(Trouble.OTHER_RECORD, "sent another record");
      failsOnceWith(Trouble.WRONG_CONTENT_TYPE, "sent text/html instead of JSON");
      failsOnceWith(Trouble.TOO_LONG, "an answer of more than 4194304 bytes");
      failsOnceWith(Trouble.RESET, "the connection broke off");
      failsOnceWith(Trouble.SILENT, "no whole answer within 1000 ms");
      failsOnceWith(Trouble.DRIPPING, "no whole answer within 1000 ms");
    }

    @Test
    void aboutAWarIsAFailureToo() throws Exception {
      fake.trouble(Trouble.OTHER_RECORD);
      failed(source.fetch(WAR, Departure.AT_ONCE))
          .isEqualTo("sent a war without a state or its times");
    }

    @Test
    void ofAnotherPageThanTheApiSaysNothingOfATag() throws Exception {
      try (ClashSource lost =
          new ClashSource(
              ClashSettings.of(new ClashAccess.Keys(List.of("k")))
                  .at(URI.create(fake.portalUrl() + "/elsewhere"), fake.portalUrl()),
              clock)) {
        lost.open();
        // The stand-in looks at the key first: one that it knows gets as far as the page.
        assertThat(lost.fetch(CLAN, Departure.AT_ONCE)).isInstanceOf(Fetched.Refused.class);
      }
      try (ClashSource lost =
          new ClashSource(
              ClashSettings.of(new ClashAccess.Keys(List.of(fake.keys().getFirst().bearer())))
                  .at(URI.create(fake.portalUrl() + "/elsewhere/"), fake.portalUrl()),
              clock)) {
        lost.open();
        failed(lost.fetch(CLAN, Departure.AT_ONCE)).contains("is this the API's address?");
      }
    }

    private void failsOnceWith(Trouble trouble, String reason) throws InterruptedException {
      // The first of two on one connection: a client may be tempted to make the second anew.
      assertThat(source.fetch(CLAN, Departure.AT_ONCE))
          .as("before %s", trouble)
          .isInstanceOf(Fetched.Found.class);
      fake.trouble(trouble);
      int before = fake.arrivals().count();
      failed(source.fetch(CLAN, Departure.AT_ONCE)).as("%s", trouble).isEqualTo(reason);
      assertThat(fake.arrivals().count()).as("calls for %s", trouble).isEqualTo(before + 1);
      fake.trouble(Trouble.NONE);
    }
  }

  @Test
  void anApiThatNobodyCanReachIsDownForALittleWhile() throws Exception {
    URI nobody = URI.create("http://127.0.0.1:" + freePort() + "/v1");
    try (ClashSource lonely =
        new ClashSource(
            ClashSettings.of(new ClashAccess.Keys(List.of("k"))).at(nobody, nobody), clock)) {
      lonely.open();
      assertThat(lonely.fetch(CLAN, Departure.AT_ONCE))
          .isEqualTo(
              new Fetched.Down(
                  CLAN, "cannot be reached: no connection comes about", Duration.ofSeconds(5)));
    }
  }

  @Test
  void aCallCanBeInterrupted() throws Exception {
    fake.trouble(Trouble.SILENT);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Fetched> call = executor.submit(() -> source.fetch(CLAN, Departure.AT_ONCE));
      while (fake.arrivals().count() == 0) {
        Thread.onSpinWait();
      }
      executor.shutdownNow();
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(call::get)
          .withCauseInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void itKnowsItsNameAndTypesAndLimit() {
    assertThat(source.name()).isEqualTo("clash-of-clans");
    assertThat(source.types()).containsExactlyInAnyOrder("clan", "player", "war");
    assertThat(source.limit()).isEqualTo(20);
  }

  private Fetched.Found found(RecordKey key) throws InterruptedException {
    return (Fetched.Found) source.fetch(key, Departure.AT_ONCE);
  }

  private static org.assertj.core.api.AbstractStringAssert<?> failed(Fetched fetched) {
    ObjectAssert<Fetched.Failed> failed =
        assertThat(fetched).asInstanceOf(type(Fetched.Failed.class));
    return failed.extracting(Fetched.Failed::reason, as(type(String.class))).asString();
  }

  private static void missing(Fetched fetched, Duration forHowLong, String reason) {
    assertThat(fetched)
        .isEqualTo(new Fetched.Missing(fetched.key(), reason, NOW, NOW.plus(forHowLong)));
  }

  private ClashSource source(String bearer) {
    return new ClashSource(
        ClashSettings.of(new ClashAccess.Keys(List.of(bearer)))
            .at(fake.apiUrl(), fake.portalUrl())
            .withLimit(20)
            .withCallTimeout(TIMEOUT),
        clock);
  }

  private static String warTag(boolean open) {
    return IntStream.range(0, 500)
        .mapToObj(GameWorld::clanTag)
        .filter(tag -> WORLD.isWarLogPublic(tag) == open)
        .filter(tag -> WORLD.war(tag, NOW).path("state").asText().equals("inWar"))
        .findFirst()
        .orElseThrow();
  }

  private static RecordKey key(String type, String tag) {
    return new RecordKey(ClashSource.NAME, type, tag);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }
}
