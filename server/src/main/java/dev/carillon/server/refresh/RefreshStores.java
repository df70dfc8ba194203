package dev.carillon.server.refresh;

import static java.util.Objects.requireNonNull;

import dev.carillon.refresh.pace.PostgresTempoStore;
import dev.carillon.refresh.pace.RedisTempoStore;
import dev.carillon.refresh.pace.TempoStore;
import dev.carillon.refresh.queue.PostgresRefreshQueue;
import dev.carillon.refresh.queue.RedisRefreshQueue;
import dev.carillon.refresh.queue.RefreshQueue;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;

/**
 * Where requests and tempos are: in Redis if there is one, else in the database.
 *
 * @param queue the requests
 * @param tempos how fast sources are called
 */
public record RefreshStores(RefreshQueue queue, TempoStore tempos) {

  public RefreshStores {
    requireNonNull(queue, "queue is null");
    requireNonNull(tempos, "tempos is null");
  }

  /**
   * The stores.
   *
   * @param redis the server; null if there is none
   * @param prefix how the keys in it begin
   * @param jdbi a database that has been migrated
   */
  public static RefreshStores of(@Nullable UnifiedJedis redis, String prefix, Jdbi jdbi) {
    return redis == null
        ? new RefreshStores(new PostgresRefreshQueue(jdbi), new PostgresTempoStore(jdbi))
        : new RefreshStores(
            new RedisRefreshQueue(redis, prefix), new RedisTempoStore(redis, prefix));
  }
}
