package dev.carillon.server.refresh;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.refresh.clash.ClashAccess;
import dev.carillon.refresh.clash.ClashSettings;
import dev.carillon.refresh.drain.DrainLimits;
import dev.carillon.refresh.drain.DrainReport;
import dev.carillon.refresh.drain.Ended;
import dev.carillon.refresh.drain.Wish;
import dev.carillon.refresh.queue.RedisUrl;
import dev.carillon.server.settings.Settings;
import dev.carillon.testkit.EmbeddedDatabase;
import dev.carillon.testkit.Patience;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.UnifiedJedis;
import redis.embedded.RedisServer;

@Timeout(120)
class RefreshingTest {

  private static final InstantSource CLOCK = InstantSource.system();
  private static final String INBOX = "inbox";
  private static final Duration LONG = Duration.ofSeconds(30);

  private final EmbeddedDatabase postgres = EmbeddedDatabase.forTests();
  private final Database database =
      Database.open(Database.Address.of(postgres.create("refreshing")));

  RefreshingTest() {
    database.migrate();
  }

  @AfterEach
  void close() {
    database.close();
    postgres.close();
  }

  @Test
  void healthIsToldAtOnceWithTheAgeOfItsCountWhileTheQueueCannotBeCounted() {
    try (Refreshing refreshing = refreshing();
        Handle other = database.jdbi().open()) {
      refreshing.start();
      Refreshing.Working working = refreshing.working().orElseThrow();
      var _ = working.refreshes().request(List.of(new Wish(null, "clan", "#2PP", null, null)));
      Patience.until(LONG, () -> Long.valueOf(1).equals(state(refreshing).queueSize()));
      other.begin();
      other.execute("LOCK TABLE refresh_request IN ACCESS EXCLUSIVE MODE");
      Instant locked = CLOCK.instant();

      long start = System.nanoTime();
      RefreshState state = state(refreshing);

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
      assertThat(state.answers()).isTrue();
      assertThat(state.queueSize()).isEqualTo(1);
      assertThat(state.countedAt()).isBefore(locked);
      other.rollback();
      Patience.until(LONG, () -> requireNonNull(state(refreshing).countedAt()).isAfter(locked));
    }
  }

  @Test
  void manyFailuresRaiseAnAlarmThatHealthTells() {
    database
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                """
                INSERT INTO refresh_failure (source, type, tag, priority, reason, failed_at)
                SELECT 'clash-of-clans', 'clan', '#' || n, 'LOW', 'answered 500', now() FROM generate_series(1, 6) AS n
                """));
    try (Refreshing refreshing = refreshing()) {
      refreshing.start();

      Patience.until(LONG, () -> state(refreshing).alarms().equals(List.of("failures")));
    }
  }

  @Test
  void whatIsOldIsForgottenWithoutAnybodyAsking() {
    database
        .jdbi()
        .useHandle(handle -> {
          handle.execute(
              """
              INSERT INTO refresh_failure (source, type, tag, priority, reason, failed_at)
              SELECT 'clash-of-clans', 'clan', '#' || n, 'LOW', 'answered 500', now() - interval '31 days'
              FROM generate_series(1, 2500) AS n
              """);
          handle.execute(
              """
              INSERT INTO refresh_drain (source, started_at)
              SELECT 'clash-of-clans', now() - interval '31 days' FROM generate_series(1, 2500)
              """);
          handle.execute("INSERT INTO refresh_drain (source, started_at) VALUES ('x', now())");
        });
    try (Refreshing refreshing = refreshing()) {
      refreshing.start();

      Patience.until(LONG, () -> rows("refresh_failure") == 0);
      Patience.until(LONG, () -> rows("refresh_drain") == 1);
    }
  }

  @Test
  void anInboxThatIsNoListStopsNoDrainAndHealthTellsOfIt() throws IOException {
    int port = freePort();
    RedisServer server =
        RedisServer.newRedisServer().port(port).bind("127.0.0.1").setting("save \"\"").build();
    server.start();
    RedisUrl url = RedisUrl.parse("redis://127.0.0.1:" + port);
    try (UnifiedJedis redis = url.open();
        Refreshing refreshing = refreshing(url)) {
      redis.set(INBOX, "no list");

      DrainReport report = refreshing.drain(DrainLimits.of(LONG)).orElseThrow();

      assertThat(report.ended()).isEqualTo(Ended.EMPTY);
      assertThat(state(refreshing).inboxTrouble()).isEqualTo("the key is no list");
      assertThat(state(refreshing).answers()).isTrue();
      redis.del(INBOX);
      redis.rpush(INBOX, "one", "two");
      refreshing.start();
      Patience.until(LONG, () -> Long.valueOf(2).equals(state(refreshing).inbox()));
      assertThat(state(refreshing).inboxTrouble()).isNull();
    } finally {
      server.stop();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Refreshing refreshing() {
    return refreshing(null);
  }

  private Refreshing refreshing(@Nullable RedisUrl redis) {
    ClashSettings clash = ClashSettings.of(new ClashAccess.Keys(List.of("a-key-of-the-tests")));
    return Refreshing.of(
        new Settings.Refresh(clash, redis, INBOX), database, CLOCK, new SimpleMeterRegistry());
  }

  private static RefreshState state(Refreshing refreshing) {
    return refreshing.state().orElseThrow();
  }

  private int rows(String table) {
    return database
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery("SELECT count(*) FROM <t>")
                .define("t", table)
                .mapTo(int.class)
                .one());
  }
}
