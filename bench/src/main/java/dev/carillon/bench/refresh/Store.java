package dev.carillon.bench.refresh;

import static java.util.Objects.requireNonNull;

import dev.carillon.bench.database.BenchDatabase;
import dev.carillon.bench.database.BenchServer;
import dev.carillon.postgres.Database;
import dev.carillon.refresh.pace.PostgresTempoStore;
import dev.carillon.refresh.pace.RedisTempoStore;
import dev.carillon.refresh.pace.TempoStore;
import dev.carillon.refresh.queue.PostgresRefreshQueue;
import dev.carillon.refresh.queue.RedisRefreshQueue;
import dev.carillon.refresh.queue.RedisUrl;
import dev.carillon.refresh.queue.RefreshQueue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;
import redis.embedded.RedisServer;

/**
 * A queue to measure, in a store of its own, and a database for the records.
 *
 * @param name the store's
 * @param queue the queue
 * @param tempos the tempos in the same store
 * @param tables the database of the records
 * @param counted where the queue's statements are counted; null if it runs none
 * @param closing what is to be closed
 */
record Store(
    String name,
    RefreshQueue queue,
    TempoStore tempos,
    Database tables,
    @Nullable BenchDatabase counted,
    AutoCloseable closing)
    implements AutoCloseable {

  Store {
    requireNonNull(name, "name is null");
    requireNonNull(queue, "queue is null");
    requireNonNull(tempos, "tempos is null");
    requireNonNull(tables, "tables is null");
    requireNonNull(closing, "closing is null");
  }

  static Store postgres(BenchServer server) {
    BenchDatabase fresh = server.fresh("refresh");
    Database tables = migrated(fresh);
    return new Store(
        "PostgreSQL " + server.version(),
        new PostgresRefreshQueue(tables.jdbi()),
        new PostgresTempoStore(tables.jdbi()),
        tables,
        fresh,
        () -> {});
  }

  /** Redis as it is without any setting but that it writes no snapshots. */
  static Store redis(BenchServer server) {
    int port = freePort();
    RedisServer redis = started(port);
    UnifiedJedis jedis = RedisUrl.parse("redis://127.0.0.1:" + port).open();
    return new Store(
        "Redis",
        new RedisRefreshQueue(jedis, RedisRefreshQueue.DEFAULT_PREFIX),
        new RedisTempoStore(jedis, RedisRefreshQueue.DEFAULT_PREFIX),
        migrated(server.fresh("records")),
        null,
        () -> {
          jedis.close();
          redis.stop();
        });
  }

  /** Brings the tables to rest; Redis has none. */
  void settle() {
    if (counted != null) {
      counted.settle();
    }
  }

  @Override
  public void close() {
    tables.close();
    try {
      closing.close();
    } catch (Exception e) {
      throw new IllegalStateException(name + " does not stop", e);
    }
  }

  private static Database migrated(BenchDatabase fresh) {
    Database tables = Database.open(Database.Address.of(fresh.jdbcUrl()));
    tables.migrate();
    return tables;
  }

  private static RedisServer started(int port) {
    try {
      RedisServer redis =
          RedisServer.newRedisServer().port(port).bind("127.0.0.1").setting("save \"\"").build();
      redis.start();
      return redis;
    } catch (IOException e) {
      throw new UncheckedIOException("Redis does not start", e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no port is free", e);
    }
  }
}
