package dev.carillon.refresh.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.refresh.TestRedis;
import dev.carillon.refresh.pace.RedisTempoStore;
import dev.carillon.refresh.queue.RedisRefreshQueue;
import dev.carillon.refresh.queue.RefreshQueue;
import dev.carillon.refresh.request.Priority;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.UnifiedJedis;

@Timeout(180)
class StoresAwayTest {

  @Nested
  class ARedisServer {

    @TempDir Path folder;

    @Test
    void thatCannotBeReachedIsToldAndNothingIsKeptInMemoryInstead() {
      try (TestRedis server = TestRedis.durable(folder);
          UnifiedJedis redis = server.open();
          Rig rig = rig(redis)) {
        TestSource source = Rig.source(200);
        rig.enqueue(3);
        server.stop();

        DrainReport report = rig.drained(source);

        assertThat(report.ended()).isEqualTo(Ended.UNAVAILABLE);
        assertThat(report.detail()).isNotBlank();
        assertThat(report.remaining()).isNull();
        assertThat(source.called).isEmpty();
        Refreshes refreshes = rig.refreshes(source);
        assertThatThrownBy(
                () -> refreshes.request(List.of(new Wish(null, "clan", "#A", null, null))))
            .isInstanceOf(RuntimeException.class);
        RefreshHealth health = refreshes.health(TestSource.NAME);
        assertThat(health.isHealthy()).isFalse();
        assertThat(health.troubles().getFirst()).startsWith("queue: ");
        assertThat(health.queue()).isNull();
        assertThat(refreshes.read(Rig.key("#A"), Priority.HIGH))
            .as("readers have their answer all the same")
            .isEqualTo(new Answered.Unknown(Rig.key("#A"), false));
        server.start();
        Rig.until(() -> refreshes.health(TestSource.NAME).isHealthy());
        assertThat(rig.drained(source).processed()).isEqualTo(3);
      }
    }

    @Test
    void thatIsRestartedInTheMiddleLosesNothing() throws Exception {
      try (TestRedis server = TestRedis.durable(folder);
          UnifiedJedis redis = server.open();
          Rig rig = rig(redis)) {
        TestSource source = Rig.source(200);
        rig.enqueue(300);
        FutureTask<DrainReport> draining = rig.draining(source, new Stop());
        Rig.until(() -> source.called.size() > 50);

        server.stop();
        DrainReport cut = draining.get();
        server.start();
        Rig.until(() -> rig.queue.trouble() == null);
        DrainReport rest =
            rig.drain(source, () -> Rig.CLOCK.instant().plus(RefreshQueue.LEASE))
                .run(Rig.LIMITS, new Stop(), _ -> {});

        assertThat(cut.ended()).isEqualTo(Ended.UNAVAILABLE);
        assertThat(rest.ended()).isEqualTo(Ended.EMPTY);
        assertThat(rig.count("SELECT count(*) FROM stored")).isEqualTo(300);
        assertThat(rig.count("SELECT count(*) FROM stored WHERE times > 1"))
            .as("what was stored is fresh, and not called again")
            .isZero();
        assertThat(cut.unwritten()).isZero();
        assertThat(source.called).hasSize(300);
        assertThat(rig.queueState().inHand()).isZero();
      }
    }

    private static Rig rig(UnifiedJedis redis) {
      String prefix = TestRedis.newPrefix();
      return Rig.of(new RedisRefreshQueue(redis, prefix), new RedisTempoStore(redis, prefix));
    }
  }

  @Nested
  class ADatabase {

    @Test
    void thatIsRestartedInTheMiddleHasWhatCameMeanwhile() throws Exception {
      try (RestartableDatabase server = new RestartableDatabase();
          Rig rig = Rig.postgres(server.open())) {
        TestSource source = Rig.source(100);
        CountDownLatch answer = new CountDownLatch(1);
        source.behaviour =
            key -> {
              answer.await();
              return source.found(key);
            };
        rig.enqueue(200);
        FutureTask<DrainReport> draining = rig.draining(source, new Stop());
        Rig.until(() -> source.called.size() >= 20);

        server.kill();
        answer.countDown();
        server.start();
        DrainReport cut = draining.get();
        int called = source.called.size();

        assertThat(cut.ended()).isEqualTo(Ended.UNAVAILABLE);
        assertThat(cut.unwritten()).isZero();
        assertThat(cut.processed()).isEqualTo(called);
        assertThat(rig.count("SELECT count(*) FROM stored")).isEqualTo(called);
        DrainReport rest =
            rig.drain(source, () -> Rig.CLOCK.instant().plus(RefreshQueue.LEASE))
                .run(Rig.LIMITS, new Stop(), _ -> {});
        assertThat(rest.ended()).isEqualTo(Ended.EMPTY);
        assertThat(rig.count("SELECT count(*) FROM stored WHERE times = 1")).isEqualTo(200);
        assertThat(source.called).hasSize(200);
      }
    }

    @Test
    void thatIsAwayFromTheBeginningIsTold() throws Exception {
      try (RestartableDatabase server = new RestartableDatabase();
          Rig rig = Rig.postgres(server.open())) {
        TestSource source = Rig.source(100);
        server.kill();

        DrainReport report =
            rig.drain(source).run(DrainLimits.of(Duration.ofSeconds(2)), new Stop(), _ -> {});

        assertThat(report.ended()).isEqualTo(Ended.UNAVAILABLE);
        assertThat(report.remaining()).isNull();
        assertThat(source.opened()).isZero();
        server.start();
      }
    }
  }
}
