package dev.carillon.refresh.drain;

import dev.carillon.postgres.Database;
import dev.carillon.refresh.pace.PostgresTempoStore;
import dev.carillon.refresh.pace.RedisTempoStore;
import dev.carillon.refresh.pace.TempoStore;
import dev.carillon.refresh.queue.PostgresRefreshQueue;
import dev.carillon.refresh.queue.RedisRefreshQueue;
import dev.carillon.refresh.queue.RedisUrl;
import dev.carillon.refresh.queue.RefreshQueue;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.UnifiedJedis;

/** A process of its own that drains: its source writes a row for each call, for tests to count. */
public final class WorkerMain {

  static final double LIMIT = 300;
  static final Duration LATENCY = Duration.ofMillis(30);

  private WorkerMain() {}

  /**
   * Drains until it is killed.
   *
   * @param args the database's JDBC URL; if the queue is in Redis, also its URL and how its keys
   *     begin
   */
  public static void main(String[] args) {
    Database database = Database.open(Database.Address.of(args[0]));
    TestSource source = new TestSource(LIMIT, Rig.CLOCK);
    source.behaviour =
        key -> {
          database
              .jdbi()
              .useHandle(handle -> handle.execute("INSERT INTO called VALUES (?)", key.tag()));
          LockSupport.parkNanos(LATENCY.toNanos());
          return source.found(key);
        };
    UnifiedJedis redis = args.length == 1 ? null : RedisUrl.parse(args[1]).open();
    RefreshQueue queue =
        redis == null
            ? new PostgresRefreshQueue(database.jdbi())
            : new RedisRefreshQueue(redis, args[2]);
    TempoStore tempos =
        redis == null
            ? new PostgresTempoStore(database.jdbi())
            : new RedisTempoStore(redis, args[2]);
    Drain drain =
        new Drain(new Drain.Parts(source, queue, tempos, database.jdbi(), Rig.CLOCK, Intake.NONE));
    while (true) {
      drain.run(DrainLimits.DEFAULT, new Stop(), _ -> {});
    }
  }
}
