package dev.carillon.refresh.pace;

import dev.carillon.refresh.TestRedis;
import org.junit.jupiter.api.AfterEach;
import redis.clients.jedis.UnifiedJedis;

class RedisTempoStoreTest extends TempoStoreContract {

  private final UnifiedJedis redis = TestRedis.shared().open();
  private final TempoStore store = new RedisTempoStore(redis, TestRedis.newPrefix());

  @Override
  TempoStore store() {
    return store;
  }

  @AfterEach
  void close() {
    redis.close();
  }
}
