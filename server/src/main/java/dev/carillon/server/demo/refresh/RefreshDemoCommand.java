package dev.carillon.server.demo.refresh;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Database;
import dev.carillon.refresh.queue.RedisRefreshQueue;
import dev.carillon.refresh.queue.RedisUrl;
import dev.carillon.server.refresh.RefreshStores;
import dev.carillon.server.wiring.Wiring;
import dev.carillon.testkit.EmbeddedDatabase;
import dev.carillon.testkit.clash.FakeClash;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import redis.clients.jedis.UnifiedJedis;

/** {@code carillon demo refresh}. */
@Command(
    name = "refresh",
    mixinStandardHelpOptions = true,
    description =
        "Refresh 600 clans through an API that allows 30 calls a second, with two drains at once, on"
            + " an embedded database of its own; the API is a stand-in that fails in every way, and"
            + " counts. Exit code 1 if a clan is lost or doubled, or one second has a call too many.")
public final class RefreshDemoCommand implements Callable<Integer> {

  private static final String KEY_PATTERN = ":*";
  private static final int SCAN_BATCH = 1_000;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--redis",
      paramLabel = "URL",
      defaultValue = "${env:REDIS_URL}",
      description = "keep the queue there, under keys of its own (REDIS_URL; the database)")
  private @Nullable String redisUrl;

  /** Made by the command line. */
  public RefreshDemoCommand() {
    this.redisUrl = null;
    this.spec = null;
  }

  @Override
  public Integer call() throws InterruptedException {
    String url = redisUrl;
    if (url == null || url.isBlank()) {
      return run(null, "");
    }
    String prefix = "carillon:demo:" + UUID.randomUUID();
    try (UnifiedJedis redis = parsed(url).open()) {
      String trouble = new RedisRefreshQueue(redis, prefix).trouble();
      if (trouble != null) {
        throw wrong(trouble);
      }
      try {
        return run(redis, prefix);
      } finally {
        clear(redis, prefix);
      }
    }
  }

  private RedisUrl parsed(String url) {
    try {
      return RedisUrl.parse(url);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private ParameterException wrong(String why) {
    return new ParameterException(
        requireNonNull(spec, "spec is null").commandLine(), "--redis or REDIS_URL: " + why);
  }

  private static int run(@Nullable UnifiedJedis redis, String prefix) throws InterruptedException {
    PrintStream people = System.err;
    people.println("starting an embedded PostgreSQL and a Clash of Clans API on 127.0.0.1 ...");
    InstantSource clock = Wiring.wallClock();
    try (EmbeddedDatabase server = EmbeddedDatabase.temporary();
        Database database = Database.open(Database.Address.of(server.create("demo")));
        FakeClash fake = FakeClash.start(clock)) {
      database.migrate();
      RefreshDemo.Stage stage =
          new RefreshDemo.Stage(
              RefreshStores.of(redis, prefix, database.jdbi()), database.jdbi(), clock);
      RefreshDemoReport report = new RefreshDemo(fake, stage, new RefreshProgress(people)).run();
      System.out.println(report.table());
      return report.isFlawless() ? 0 : 1;
    }
  }

  private static void clear(UnifiedJedis redis, String prefix) {
    Collection<String> keys =
        redis.scanIteration(SCAN_BATCH, prefix + KEY_PATTERN).collect(new HashSet<>());
    if (!keys.isEmpty()) {
      redis.del(keys.toArray(String[]::new));
    }
  }
}
