package dev.carillon.refresh.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.refresh.TestRedis;
import dev.carillon.refresh.request.Priority;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

class RedisRefreshQueueTest extends RefreshQueueContract {

  private final UnifiedJedis redis = TestRedis.shared().open();
  private final String prefix = TestRedis.newPrefix();
  private final RefreshQueue queue = new RedisRefreshQueue(redis, prefix);

  @Override
  RefreshQueue queue() {
    return queue;
  }

  @AfterEach
  void close() {
    redis.close();
  }

  @Test
  void scriptsAreSentAgainWhenRedisForgetsThem() {
    add(low("#A"));
    redis.scriptFlush("any");

    assertThat(tags(take(1))).containsExactly("#A");
  }

  @Test
  void whatRedisHasEvictedIsPassedOver() {
    add(low("#A"), low("#B"), request("#C", Priority.HIGH, NOW));
    redis.del(prefix + ":" + SOURCE + ":record");

    assertThat(queue.state(SOURCE, NOW).oldest()).isEmpty();
    add(low("#D"), low("#E"), request("#F", Priority.HIGH, NOW));
    redis.hdel(prefix + ":" + SOURCE + ":record", "clan/#D", "clan/#F");

    assertThat(tags(take(1))).containsExactly("#E");
    assertThat(queue.state(SOURCE, NOW).size()).isZero();
  }

  @Test
  void aRedisThatIsStartedAgainGoesOnWithWhatItHad(@TempDir Path folder) {
    try (TestRedis server = TestRedis.durable(folder);
        UnifiedJedis connections = server.open()) {
      RefreshQueue own = new RedisRefreshQueue(connections, RedisRefreshQueue.DEFAULT_PREFIX);
      own.add(List.of(low("#A"), low("#B"), request("#C", Priority.HIGH, NOW)));
      List<RefreshQueue.Taken> before = own.take(SOURCE, 1, NOW);

      server.stop();
      assertThat(own.trouble()).isEqualTo("Redis does not answer: no connection comes about");
      assertThatThrownBy(() -> own.add(List.of(low("#D")))).isInstanceOf(JedisException.class);
      server.start();

      assertThat(own.trouble()).isNull();
      own.done(before);
      assertThat(tags(own.take(SOURCE, 10, NOW))).containsExactly("#A", "#B");
    }
  }
}
