package dev.carillon.bench.rate;

import dev.carillon.bench.database.BenchDatabase;
import dev.carillon.bench.database.BenchServer;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.Statements;
import dev.carillon.refresh.clash.ClashSource;
import dev.carillon.refresh.queue.PostgresRefreshQueue;
import dev.carillon.refresh.queue.RedisRefreshQueue;
import dev.carillon.refresh.queue.RedisUrl;
import dev.carillon.refresh.queue.RefreshQueue;
import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.RefreshRequest;
import dev.carillon.testkit.FakeClashMain;
import dev.carillon.testkit.clash.GameWorld;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import redis.clients.jedis.UnifiedJedis;

/**
 * Lets processes call as fast as they may, each load in a fresh database.
 *
 * @param server where the databases are
 * @param time how long each counts
 * @param progress hears what is going on
 */
public record Rate(BenchServer server, Duration time, Consumer<String> progress) {

  /** The calls a second that the API allows. */
  public static final int LIMIT = 30;

  /** How long each load runs before its rate and its processor time count. */
  static final Duration WARM_UP = Duration.ofSeconds(8);

  private static final Statements SQL = Statements.beside(Rate.class, "rate.sql");
  private static final Duration END = Duration.ofSeconds(2);
  private static final int WARMING_CALLS = 60;
  private static final int NO_LIMIT = 1_000_000;
  private static final String[] API = {"0", Integer.toString(NO_LIMIT), "50", "100"};
  private static final double NANOS_PER_MILLI = 1e6;

  /** Every load in turn, again and again. */
  public RateReport rounds(List<String> only, int rounds) throws InterruptedException {
    List<RateLoad> loads = RateLoad.named(only);
    List<RateRun> runs = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (RateLoad load : loads) {
        RateRun run = once(load);
        progress.accept("round %d  %s".formatted(round, String.join("  ", run.cells())));
        runs.add(run);
      }
    }
    return new RateReport(server.version(), LIMIT, time, runs);
  }

  RateRun once(RateLoad load) throws InterruptedException {
    BenchDatabase database = server.fresh(load.limiter().word());
    List<LineProcess> workers = new ArrayList<>();
    try (BenchRedis redis = BenchRedis.start();
        LineProcess api = LineProcess.startFirst(FakeClashMain.class, API)) {
      fill(load, database.jdbcUrl(), redis.url());
      Map<String, String> where = api.hear();
      warm(api, where.getOrDefault("url", ""));
      for (int i = 0; i < load.processes(); i++) {
        RateWorker.Task task =
            new RateWorker.Task(
                load.limiter(),
                i,
                LIMIT,
                database.jdbcUrl(),
                redis.url(),
                URI.create(where.getOrDefault("url", "")),
                where.getOrDefault("key", ""));
        workers.add(LineProcess.start(RateWorker.class, task.arguments()));
      }
      workers.forEach(LineProcess::hear);
      return measure(load, api, workers);
    } finally {
      workers.forEach(LineProcess::close);
    }
  }

  /** What measures is warm when it begins to: it would note its first calls late. */
  private static void warm(LineProcess api, String url) throws InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/clans/%232PP")).build();
      for (int i = 0; i < WARMING_CALLS; i++) {
        var _ = client.send(request, HttpResponse.BodyHandlers.discarding());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the API does not answer", e);
    }
    var _ = stats(api, "clear");
  }

  private RateRun measure(RateLoad load, LineProcess api, List<LineProcess> workers)
      throws InterruptedException {
    workers.forEach(worker -> worker.tell("go"));
    Thread.sleep(WARM_UP);
    double before = cpuMillis(workers);
    int callsBefore = calls(stats(api, "stats"));
    Thread.sleep(time);
    double cpu = cpuMillis(workers) - before;
    int calls = calls(stats(api, "stats")) - callsBefore;
    Thread.sleep(END);
    long to = WARM_UP.plus(time).toSeconds();
    Map<String, String> seen = stats(api, "span %d %d".formatted(WARM_UP.toSeconds(), to));
    workers.forEach(worker -> worker.tell("stop"));
    long missed = 0;
    long late = 0;
    List<String> departures = new ArrayList<>();
    for (LineProcess worker : workers) {
      Map<String, String> said = worker.hear();
      missed += number(said, "missed");
      late += number(said, "late");
      departures.add(said.getOrDefault("departures", ""));
    }
    return new RateRun(
        load,
        calls(seen),
        Departures.mostInAnySecond(departures),
        (int) number(seen, "most_in_any_second"),
        Double.parseDouble(seen.getOrDefault("rate", "0")) / LIMIT,
        missed,
        late,
        cpu / calls);
  }

  /** A bucket's table is the one that its documentation wants. */
  private void fill(RateLoad load, String url, String redisUrl) {
    try (Database tables = Database.open(Database.Address.of(url));
        UnifiedJedis redis = RedisUrl.parse(redisUrl).open()) {
      switch (load.limiter()) {
        case POSTGRES -> {
          tables.migrate();
          enqueue(new PostgresRefreshQueue(tables.jdbi()));
        }
        case REDIS -> {
          tables.migrate();
          enqueue(new RedisRefreshQueue(redis, RateWorker.PREFIX));
        }
        case BUCKET_30, BUCKET_1 ->
            tables.jdbi().useHandle(handle -> handle.execute(SQL.get("bucket_table")));
      }
    }
  }

  private void enqueue(RefreshQueue queue) {
    int requests = (int) WARM_UP.plus(time).plus(END).plus(WARM_UP).toSeconds() * LIMIT;
    for (int from = 0; from < requests; from += RefreshQueue.MAX_BATCH) {
      int to = Math.min(requests, from + RefreshQueue.MAX_BATCH);
      queue.add(
          IntStream.range(from, to)
              .mapToObj(i -> new RecordKey(ClashSource.NAME, "clan", GameWorld.clanTag(i)))
              .map(key -> new RefreshRequest(key, Priority.HIGH, InstantSource.system().instant()))
              .toList());
    }
  }

  private static Map<String, String> stats(LineProcess api, String line) {
    api.tell(line);
    return api.hear();
  }

  private static int calls(Map<String, String> stats) {
    return (int) number(stats, "calls");
  }

  private static long number(Map<String, String> values, String name) {
    return Long.parseLong(values.getOrDefault(name, "0"));
  }

  private static double cpuMillis(List<LineProcess> workers) {
    return workers.stream().mapToLong(worker -> worker.cpu().toNanos()).sum() / NANOS_PER_MILLI;
  }
}
