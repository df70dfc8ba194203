package dev.carillon.refresh.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.refresh.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.UnifiedJedis;

class RedisUrlTest {

  @ParameterizedTest
  @CsvSource({
    "redis://localhost, redis://localhost:6379/0",
    "redis://localhost/, redis://localhost:6379/0",
    "redis://localhost:7000/3, redis://localhost:7000/3",
    "rediss://cache.example:6380/15, rediss://cache.example:6380/15",
    "REDISS://cache.example, rediss://cache.example:6379/0",
    "redis://[::1]:7000, redis://[::1]:7000/0",
    "redis://carillon:hush@10.0.0.1:7000/1, redis://10.0.0.1:7000/1",
  })
  void aUrlSaysWhereTheServerIsAndShowsNoPassword(String url, String shown) {
    assertThat(RedisUrl.parse(url)).hasToString(shown);
  }

  @Test
  void userAndPasswordAreDecoded() {
    assertThat(RedisUrl.parse("rediss://us%40er:p+a%2Fs%3As%23@host:1/2"))
        .isEqualTo(new RedisUrl("host", 1, true, "us@er", "p+a/s:s#", 2));
    assertThat(RedisUrl.parse("redis://:secret@host"))
        .isEqualTo(new RedisUrl("host", 6379, false, null, "secret", 0));
  }

  @ParameterizedTest
  @CsvSource({
    "http://:hush@host, it must start with redis:// or rediss://",
    "hush, it must start with redis:// or rediss://",
    "redis://hush@host, 'before @ it must have USER:PASSWORD, or :PASSWORD for the default user'",
    "redis://user:@host, the password is empty",
    "redis://:hu sh@host, it has characters that must be %-encoded",
    "redis://:hush#x@host, 'it must name a host, and other characters of a password must be %-encoded'",
    "redis://:hush@/0, 'it must name a host, and other characters of a password must be %-encoded'",
    "redis://:hush@host:0, the port must be from 1 to 65535",
    "redis://:hush@host:70000, the port must be from 1 to 65535",
    "redis://:hush@host/zero, 'after the host it may have the database, a number from 0 to 9999'",
    "redis://:hush@host/1/2, 'after the host it may have the database, a number from 0 to 9999'",
    "redis://:hush@host/1?hush, 'nothing may follow the database, and ? and # in a password must be %-encoded'",
    "redis://:hu%zzsh@host, it has characters that must be %-encoded",
  })
  void whatIsNoUrlIsRefusedWithTheReasonAndWithoutThePassword(String url, String reason) {
    assertThatThrownBy(() -> RedisUrl.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(": " + reason)
        .hasMessageNotContaining("hush")
        .hasNoCause();
  }

  @Test
  void theNumberOfTheDatabaseIsUsed() {
    String prefix = TestRedis.newPrefix();
    int port = TestRedis.shared().port();
    try (UnifiedJedis first = RedisUrl.parse("redis://127.0.0.1:" + port + "/1").open();
        UnifiedJedis second = RedisUrl.parse("redis://127.0.0.1:" + port + "/2").open()) {
      first.set(prefix, "here");

      assertThat(second.get(prefix)).isNull();
      assertThat(first.get(prefix)).isEqualTo("here");
    }
  }
}
