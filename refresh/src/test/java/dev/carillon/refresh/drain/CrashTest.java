package dev.carillon.refresh.drain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.refresh.TestDatabases;
import dev.carillon.refresh.TestRedis;
import dev.carillon.refresh.pace.RedisTempoStore;
import dev.carillon.refresh.queue.RedisRefreshQueue;
import dev.carillon.refresh.queue.RefreshQueue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.UnifiedJedis;

/** Real processes that drain, really killed. */
@Timeout(180)
@ParameterizedClass
@EnumSource
class CrashTest {

  /** Where the requests are. */
  enum Store {
    POSTGRES,
    REDIS
  }

  private static final int REQUESTS = 1_500;

  /** What a process ends with that SIGKILL ends: 128 and the signal's number. */
  private static final int KILLED = 128 + 9;

  private final String url = TestDatabases.newUrl();
  private final Database database = TestDatabases.open(url);
  private final String prefix = TestRedis.newPrefix();
  private final UnifiedJedis redis = TestRedis.shared().open();
  private final Store store;
  private final Rig rig;
  private final List<Process> processes = new ArrayList<>();

  CrashTest(Store store) {
    this.store = store;
    this.rig =
        switch (store) {
          case POSTGRES -> Rig.postgres(database);
          case REDIS ->
              Rig.of(
                  database,
                  new RedisRefreshQueue(redis, prefix),
                  new RedisTempoStore(redis, prefix));
        };
  }

  @AfterEach
  void killAll() {
    processes.forEach(Process::destroyForcibly);
    rig.close();
    redis.close();
  }

  @Test
  void killedDrainsLoseNothingAndRepeatOnlyWhatWasInHand() throws Exception {
    database.jdbi().useHandle(handle -> handle.execute("CREATE TABLE called (tag text)"));
    rig.enqueue(REQUESTS);
    Process first = worker();
    Process second = worker();
    Rig.until(() -> called() > REQUESTS / 4);
    kill(first);
    Rig.until(() -> called() > REQUESTS / 2);
    kill(second);
    long inHand = rig.queueState().inHand();
    assertThat(inHand).as("they were killed at work").isPositive();
    TestSource source = Rig.source(WorkerMain.LIMIT);
    source.behaviour =
        key -> {
          database.jdbi().useHandle(h -> h.execute("INSERT INTO called VALUES (?)", key.tag()));
          return source.found(key);
        };

    DrainReport early = rig.drained(source);
    DrainReport late =
        rig.drain(source, () -> Rig.CLOCK.instant().plus(RefreshQueue.LEASE))
            .run(Rig.LIMITS, new Stop(), _ -> {});

    assertThat(early.ended()).isEqualTo(Ended.EMPTY);
    assertThat(late.processed() + late.dropped()).isEqualTo(inHand);
    assertThat(rig.count("SELECT count(*) FROM stored")).isEqualTo(REQUESTS);
    assertThat(rig.count("SELECT count(DISTINCT tag) FROM called")).isEqualTo(REQUESTS);
    assertThat(
            rig.count("SELECT count(*) FROM (SELECT FROM called GROUP BY tag HAVING count(*) > 2)"))
        .isZero();
    assertThat(called() - REQUESTS).isLessThanOrEqualTo((int) inHand);
    assertThat(rig.waiting()).isZero();
    assertThat(rig.queueState().inHand()).isZero();
    assertThat(rig.queueState().dead()).isZero();
  }

  private int called() {
    return rig.count("SELECT count(*) FROM called");
  }

  private Process worker() throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                WorkerMain.class.getName(),
                url));
    if (store == Store.REDIS) {
      command.addAll(List.of("redis://127.0.0.1:" + TestRedis.shared().port(), prefix));
    }
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    processes.add(process);
    return process;
  }

  private static void kill(Process process) throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(Duration.ofSeconds(10).toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("as kill -9 ends it").isEqualTo(KILLED);
  }
}
