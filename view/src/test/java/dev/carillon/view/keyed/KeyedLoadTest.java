package dev.carillon.view.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.view.PostgresVersion;
import dev.carillon.view.TestDatabases;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Random histories of several writers beside workers, kills and re-syncs, audited all the time. */
@ParameterizedClass
@EnumSource(PostgresVersion.class)
class KeyedLoadTest {

  private static final int WRITERS = 3;
  private static final int TRANSACTIONS = 60;
  private static final int MAX_STATEMENTS = 4;

  private final long seed = new Random().nextLong();
  private final AtomicBoolean writing = new AtomicBoolean(true);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Yard yard;

  KeyedLoadTest(PostgresVersion version) {
    yard = Yard.withoutViews(version);
    yard.fill();
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  @Test
  void twoWorkersBesideWritersMissNothing() throws Exception {
    yard.createAll();
    List<Future<Integer>> writers = writers();
    Future<Integer> one = threads.submit(whileWriting(this::work));
    Future<Integer> two = threads.submit(whileWriting(this::work));

    assertThat(lookWhile(writers)).isPositive();
    assertThat(one.get() + two.get()).isPositive();
    finish();
  }

  @Test
  void viewsThatAreMadeAndFilledAnewBesideWritersMissNothing() throws Exception {
    List<Future<Integer>> writers = writers();
    yard.createAll();
    Future<Integer> worker = threads.submit(whileWriting(this::work));
    Future<Integer> syncs =
        threads.submit(
            whileWriting(() -> {
              yard.keyed().resync(Yard.JOBS);
              yard.keyed().resync(Yard.GROUPS);
              return 1;
            }));
    lookWhile(writers);

    assertThat(syncs.get()).isPositive();
    worker.get();
    finish();
  }

  @Test
  void workersThatAreKilledAtAnyMomentLoseNothing() throws Exception {
    yard.createAll();
    List<Future<Integer>> writers = writers();
    AtomicBoolean killing = new AtomicBoolean(true);
    Future<Integer> worker =
        threads.submit(() -> {
          while (killing.get()) {
            workUntilKilled();
          }
          return 0;
        });
    int killed = 0;
    while (killed == 0 || writers.stream().anyMatch(writer -> !writer.isDone())) {
      assertThat(yard.audited()).as("seed %d", seed).isZero();
      killed +=
          (int)
              yard.count(
                  "SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                      + " WHERE application_name = 'worker' AND state <> 'idle') k");
    }
    killing.set(false);
    lookWhile(writers);

    worker.get();
    finish();
  }

  private int work() {
    return (int) (yard.keyed().work(Yard.JOBS).rows() + yard.keyed().work(Yard.GROUPS).rows());
  }

  private int workUntilKilled() {
    try (Database database = TestDatabases.open(yard.url() + "&ApplicationName=worker")) {
      return (int) new Keyed(database.jdbi(), Yard.LIMITS).work(Yard.GROUPS).rows();
    } catch (RuntimeException e) {
      return 0;
    }
  }

  private void finish() {
    yard.assertKept();
    assertThat(yard.isExact()).as("seed %d", seed).isTrue();
  }

  private int lookWhile(List<Future<Integer>> writers) throws Exception {
    int looks = 0;
    while (writers.stream().anyMatch(writer -> !writer.isDone())) {
      assertThat(yard.audited()).as("seed %d, look %d", seed, looks).isZero();
      looks++;
    }
    writing.set(false);
    for (Future<Integer> writer : writers) {
      writer.get();
    }
    return looks;
  }

  private List<Future<Integer>> writers() {
    List<Future<Integer>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      Random random = new Random(seed + i);
      int writer = i;
      writers.add(threads.submit(() -> write(random, writer)));
    }
    return writers;
  }

  private Callable<Integer> whileWriting(Callable<Integer> work) {
    return () -> {
      int done = work.call();
      while (writing.get()) {
        done += work.call();
      }
      return done;
    };
  }

  private int write(Random random, int writer) throws SQLException {
    try (Connection connection = yard.connection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int i = 0; i < TRANSACTIONS; i++) {
        if (random.nextInt(4) == 0) {
          statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        }
        for (int s = random.nextInt(MAX_STATEMENTS); s >= 0; s--) {
          change(statement, random, writer);
        }
        if (random.nextInt(5) == 0) {
          connection.rollback();
        } else {
          connection.commit();
        }
      }
    }
    return TRANSACTIONS;
  }

  private static void change(Statement statement, Random random, int writer) throws SQLException {
    boolean savepoint = random.nextInt(4) == 0;
    if (savepoint) {
      statement.execute("SAVEPOINT s");
    }
    statement.execute(sql(random, writer));
    if (savepoint && random.nextBoolean()) {
      statement.execute("ROLLBACK TO SAVEPOINT s");
    }
  }

  /** Each writer has its own rows, so that none waits for another; keys are shared by all. */
  private static String sql(Random random, int writer) {
    String mine = "id %% 3 = %d AND id %% 7 = %d".formatted(writer, random.nextInt(7));
    return switch (random.nextInt(10)) {
      case 0 -> "UPDATE item SET job = " + random.nextInt(11) + " WHERE " + mine;
      case 1 -> "UPDATE item SET job = NULL, status = 'b' WHERE " + mine;
      case 2 -> "UPDATE item SET amount = id * 0.5, status = NULL WHERE " + mine;
      case 3 -> "UPDATE item SET hidden = NOT hidden WHERE " + mine;
      case 4 -> "DELETE FROM item WHERE id % 2 = 0 AND " + mine;
      case 5 ->
          "INSERT INTO item (id, job, amount) SELECT g * 3 + %d, g %% 9, g FROM generate_series(%d, %d) g ON CONFLICT (id) DO UPDATE SET amount = item.amount + 1, job = excluded.job"
              .formatted(writer, random.nextInt(80), 80 + random.nextInt(40));
      case 6 ->
          "MERGE INTO item USING (SELECT g * 3 + %d AS g FROM generate_series(1, 60) g) s ON s.g = id WHEN MATCHED AND id %% 5 = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET status = 'c' WHEN NOT MATCHED THEN INSERT (id, job) VALUES (s.g, 2)"
              .formatted(writer);
      case 7 ->
          "UPDATE note SET job = " + random.nextInt(11) + ", body = body || '+' WHERE " + mine;
      case 8 -> "DELETE FROM job WHERE " + mine;
      default ->
          "INSERT INTO job SELECT g * 3 + %d, 'j%d' FROM generate_series(0, 4) g ON CONFLICT (id) DO UPDATE SET name = excluded.name"
              .formatted(writer, random.nextInt(100));
    };
  }
}
