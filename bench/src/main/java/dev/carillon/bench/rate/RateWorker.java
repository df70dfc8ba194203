package dev.carillon.bench.rate;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.carillon.bench.rate.RateLoad.Limiter;
import dev.carillon.postgres.Database;
import dev.carillon.refresh.clash.ClashAccess;
import dev.carillon.refresh.clash.ClashSettings;
import dev.carillon.refresh.clash.ClashSource;
import dev.carillon.refresh.drain.Drain;
import dev.carillon.refresh.drain.DrainLimits;
import dev.carillon.refresh.drain.DrainReport;
import dev.carillon.refresh.drain.Intake;
import dev.carillon.refresh.drain.Stop;
import dev.carillon.refresh.pace.Departure;
import dev.carillon.refresh.pace.Pace;
import dev.carillon.refresh.pace.PostgresTempoStore;
import dev.carillon.refresh.pace.RedisTempoStore;
import dev.carillon.refresh.queue.PostgresRefreshQueue;
import dev.carillon.refresh.queue.RedisRefreshQueue;
import dev.carillon.refresh.queue.RedisUrl;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.testkit.clash.GameWorld;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.BucketProxy;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import redis.clients.jedis.UnifiedJedis;

/**
 * A process that calls as fast as it may. It says {@code ready}, begins when it reads a line, ends
 * when it reads another, and then says how it went.
 */
final class RateWorker {

  /** How all keys in Redis begin. */
  static final String PREFIX = "bench";

  private static final int BUCKET_POOL = 4;
  private static final InstantSource CLOCK = InstantSource.system();

  /**
   * What it is to know.
   *
   * @param limiter what holds it to the limit
   * @param number which of the processes it is
   * @param limit the calls a second that all together must not exceed
   * @param database the JDBC URL
   * @param redis the URL of Redis
   * @param api the base of the API's addresses
   * @param key of the API
   */
  record Task(
      Limiter limiter, int number, int limit, String database, String redis, URI api, String key) {

    String[] arguments() {
      return new String[] {
        limiter.name(),
        Integer.toString(number),
        Integer.toString(limit),
        database,
        redis,
        api.toString(),
        key
      };
    }

    static Task of(String[] args) {
      return new Task(
          Limiter.valueOf(args[0]),
          Integer.parseInt(args[1]),
          Integer.parseInt(args[2]),
          args[3],
          args[4],
          URI.create(args[5]),
          args[6]);
    }
  }

  private final Task task;
  private final Stop stop = new Stop();
  private final Departures departures = new Departures();

  private RateWorker(Task task) {
    this.task = task;
  }

  /** Runs until it has read two lines. */
  public static void main(String[] args) throws Exception {
    new RateWorker(Task.of(args)).run();
  }

  private void run() throws Exception {
    ClashSettings settings =
        ClashSettings.of(new ClashAccess.Keys(List.of(task.key())))
            .at(task.api(), task.api())
            .withLimit(task.limit());
    try (ClashSource source = new ClashSource(settings, CLOCK)) {
      source.open();
      if (task.limiter().isCarillon()) {
        drain(source);
      } else {
        consume(source);
      }
    }
  }

  private void drain(ClashSource source) {
    try (Database database = Database.open(Database.Address.of(task.database()));
        UnifiedJedis redis = RedisUrl.parse(task.redis()).open()) {
      boolean isRedis = task.limiter() == Limiter.REDIS;
      Drain drain =
          new Drain(
              new Drain.Parts(
                  departures.watched(source),
                  isRedis
                      ? new RedisRefreshQueue(redis, PREFIX)
                      : new PostgresRefreshQueue(database.jdbi()),
                  isRedis
                      ? new RedisTempoStore(redis, PREFIX)
                      : new PostgresTempoStore(database.jdbi()),
                  database.jdbi(),
                  CLOCK,
                  Intake.NONE));
      begin();
      DrainReport report = drain.run(DrainLimits.DEFAULT, stop, _ -> {});
      Pace.Punctuality kept = drain.punctuality();
      IO.println(
          "ended=%s calls=%d missed=%d late=%d departures=%s"
              .formatted(report.ended(), report.calls(), kept.missed(), kept.late(), departures));
    }
  }

  private void consume(ClashSource source) throws InterruptedException {
    HikariConfig pool = new HikariConfig();
    pool.setJdbcUrl(task.database());
    pool.setMaximumPoolSize(BUCKET_POOL);
    try (HikariDataSource connections = new HikariDataSource(pool)) {
      BucketProxy bucket = bucket(connections);
      begin();
      int calls = 0;
      while (!stop.isAsked()) {
        bucket.asBlocking().consume(1);
        String tag = GameWorld.clanTag(calls++);
        Thread.ofVirtual().start(() -> fetch(source, tag));
      }
      IO.println("calls=%d missed=0 late=0 departures=%s".formatted(calls, departures));
    }
  }

  private BucketProxy bucket(HikariDataSource connections) {
    int capacity = task.limiter() == Limiter.BUCKET_1 ? 1 : task.limit();
    Bandwidth bandwidth =
        Bandwidth.builder()
            .capacity(capacity)
            .refillGreedy(task.limit(), Duration.ofSeconds(1))
            .build();
    return Bucket4jPostgreSQL.selectForUpdateBasedBuilder(connections)
        .build()
        .builder()
        .build(1L, () -> BucketConfiguration.builder().addLimit(bandwidth).build());
  }

  private void fetch(ClashSource source, String tag) {
    try {
      source.fetch(
          new RecordKey(ClashSource.NAME, "clan", tag), departures.watched(Departure.AT_ONCE));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void begin() {
    IO.println("ready");
    IO.readln();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          IO.readln();
          stop.ask();
        });
  }
}
