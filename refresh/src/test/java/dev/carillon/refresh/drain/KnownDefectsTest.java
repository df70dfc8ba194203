package dev.carillon.refresh.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.refresh.pace.RedisTempoStore;
import dev.carillon.refresh.queue.RedisRefreshQueue;
import dev.carillon.refresh.queue.RedisUrl;
import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.RefreshRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.UnifiedJedis;

/** What a worker of this kind is known to have done wrong: each is a test that it fails. */
@Timeout(60)
class KnownDefectsTest {

  private static final DrainLimits SHORT =
      new DrainLimits(Duration.ofSeconds(20), Duration.ofSeconds(5));

  @Test
  void theFirstRequestIsNotProcessedAgainAndAgainUntilTheTimeIsOver() {
    try (Rig rig = Rig.postgres()) {
      TestSource source = Rig.source(50);
      List<String> tags = rig.enqueue(20);

      DrainReport report = rig.drain(source).run(SHORT, new Stop(), _ -> {});

      assertThat(source.called).as("each once").containsExactlyInAnyOrderElementsOf(tags);
      assertThat(report.ended()).isEqualTo(Ended.EMPTY);
      assertThat(report.took()).isLessThan(SHORT.timeLimit().dividedBy(2));
      assertThat(rig.queueState().inHand()).isZero();
    }
  }

  @Test
  void threeRunsThatOverlapDoNotTripleTheRate() throws Exception {
    int limit = 20;
    try (Rig rig = Rig.postgres()) {
      TestSource source = Rig.source(limit);
      rig.enqueue(3 * limit);
      List<FutureTask<DrainReport>> runs = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        runs.add(rig.draining(source, new Stop()));
      }
      for (FutureTask<DrainReport> run : runs) {
        run.get();
      }

      // A call that comes late on a busy machine may be one too many in a second, but not twenty.
      assertThat(source.mostInASecond()).isLessThanOrEqualTo(limit + 1);
      assertThat(source.called).hasSize(3 * limit).doesNotHaveDuplicates();
    }
  }

  @Test
  void requestsOfOnePriorityAreCalledAsTheyArrivedAndNotAsTheyAreNamed() {
    try (Rig rig = Rig.postgres()) {
      // One at a time: which of two calls began first would be for the threads to say.
      TestSource source = Rig.source(5);
      Instant now = Rig.CLOCK.instant();
      List<String> names = List.of("war/#A", "player/#Z", "clan/#M", "war/#0", "clan/#B");
      for (int i = 0; i < names.size(); i++) {
        String[] name = names.get(i).split("/");
        rig.queue.add(
            List.of(
                new RefreshRequest(
                    new RecordKey(TestSource.NAME, name[0], name[1]),
                    Priority.HIGH,
                    now.plusMillis(i))));
      }

      rig.drained(source);

      assertThat(source.called).containsExactly("#A", "#Z", "#M", "#0", "#B");
    }
  }

  @Test
  void aRedisThatIsAwayIsUnhealthyAndNoQueueInMemoryTakesItsPlace() throws IOException {
    try (UnifiedJedis redis = RedisUrl.parse("redis://127.0.0.1:" + closedPort()).open();
        Rig rig =
            Rig.of(new RedisRefreshQueue(redis, "away"), new RedisTempoStore(redis, "away"))) {
      TestSource source = Rig.source(50);
      Refreshes refreshes = rig.refreshes(source);

      assertThatThrownBy(() -> refreshes.request(List.of(new Wish(null, "clan", "#A", null, null))))
          .as("nobody is told that it is queued")
          .isInstanceOf(RuntimeException.class);
      assertThat(rig.drained(source).ended()).isEqualTo(Ended.UNAVAILABLE);
      RefreshHealth health = refreshes.health(TestSource.NAME);
      assertThat(health.isHealthy()).isFalse();
      assertThat(health.queue()).as("not a size of 0").isNull();
      assertThat(source.called).isEmpty();
    }
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
