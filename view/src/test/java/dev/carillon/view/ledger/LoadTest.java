package dev.carillon.view.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
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

/** Random histories of several writers beside folds, kills and re-syncs, looked at all the time. */
@ParameterizedClass
@EnumSource(Version.class)
class LoadTest {

  private static final int WRITERS = 4;
  private static final int TRANSACTIONS = 120;
  private static final int MAX_STATEMENTS = 4;

  private final long seed = new Random().nextLong();
  private final AtomicBoolean writing = new AtomicBoolean(true);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Shop shop;

  LoadTest(Version version) {
    shop = Shop.withoutView(version);
    shop.run("INSERT INTO item (id, job, size) SELECT g, g % 9, g FROM generate_series(1, 500) g");
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  @Test
  void theViewEqualsItsQueryInEverySnapshotBesideTwoFolders() throws Exception {
    shop.create();
    List<Future<Integer>> writers = writers(true);
    Future<Integer> folder = threads.submit(whileWriting(() -> (int) fold()));
    Future<Integer> second = threads.submit(whileWriting(() -> (int) fold()));
    int looks = lookWhile(writers);

    assertThat(looks).isGreaterThan(5);
    assertThat(folder.get() + second.get()).isPositive();
    finish();
  }

  @Test
  void aViewThatIsMadeAndFilledAnewBesideWritersMissesNothing() throws Exception {
    List<Future<Integer>> writers = writers(false);
    shop.create();
    Future<Integer> folder = threads.submit(whileWriting(() -> (int) fold()));
    Future<Integer> syncs =
        threads.submit(
            whileWriting(() -> {
              shop.ledger().resync(Shop.VIEW);
              return 1;
            }));
    lookWhile(writers);

    assertThat(syncs.get()).isPositive();
    folder.get();
    finish();
  }

  @Test
  void foldersThatAreKilledAtAnyMomentLoseNothing() throws Exception {
    shop.create();
    List<Future<Integer>> writers = writers(true);
    Future<Integer> folder = threads.submit(whileWriting(this::foldUntilKilled));
    Future<Integer> killer =
        threads.submit(
            whileWriting(() ->
                (int)
                    shop.count(
                        "SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM"
                            + " pg_stat_activity WHERE application_name = 'folder'"
                            + " AND state <> 'idle') k")));
    lookWhile(writers);

    folder.get();
    assertThat(killer.get()).isPositive();
    finish();
  }

  private long fold() {
    return shop.ledger().fold(Shop.VIEW).rows();
  }

  private int foldUntilKilled() {
    String url = shop.url() + "&ApplicationName=folder";
    try (Database database = TestDatabases.open(url)) {
      return (int) new Ledger(database.jdbi()).fold(Shop.VIEW).rows();
    } catch (RuntimeException e) {
      return 0;
    }
  }

  private void finish() {
    shop.assertExactAndFoldable();
    assertThat(shop.ledger().state(Shop.VIEW).exact()).isTrue();
  }

  private int lookWhile(List<Future<Integer>> writers) throws Exception {
    int looks = 0;
    while (writers.stream().anyMatch(writer -> !writer.isDone())) {
      assertThat(shop.differences()).as("seed %d, look %d", seed, looks).isZero();
      looks++;
    }
    writing.set(false);
    for (Future<Integer> writer : writers) {
      writer.get();
    }
    return looks;
  }

  private List<Future<Integer>> writers(boolean looking) {
    List<Future<Integer>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      Random random = new Random(seed + i);
      int writer = i;
      writers.add(threads.submit(() -> write(random, writer, looking)));
    }
    return writers;
  }

  private Callable<Integer> whileWriting(Callable<Integer> work) {
    return () -> {
      int done = 0;
      while (writing.get()) {
        done += work.call();
      }
      return done;
    };
  }

  private int write(Random random, int writer, boolean looking) throws SQLException {
    try (Connection connection = shop.connection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int i = 0; i < TRANSACTIONS; i++) {
        transaction(statement, random, writer);
        if (looking && random.nextInt(6) == 0) {
          assertThat(Shop.differences(connection)).as("own transaction, seed %d", seed).isZero();
        }
        end(connection, random);
      }
    }
    return TRANSACTIONS;
  }

  private static void transaction(Statement statement, Random random, int writer)
      throws SQLException {
    if (random.nextInt(4) == 0) {
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    }
    int statements = 1 + random.nextInt(MAX_STATEMENTS);
    for (int i = 0; i < statements; i++) {
      boolean savepoint = random.nextInt(4) == 0;
      if (savepoint) {
        statement.execute("SAVEPOINT s");
      }
      statement.execute(change(random, writer));
      if (savepoint && random.nextBoolean()) {
        statement.execute("ROLLBACK TO SAVEPOINT s");
      }
    }
  }

  private static void end(Connection connection, Random random) throws SQLException {
    if (random.nextInt(5) == 0) {
      connection.rollback();
    } else {
      connection.commit();
    }
  }

  /** Each writer has its own rows, so that none waits for another; groups are shared by all. */
  private static String change(Random random, int writer) {
    String mine = "id %% 4 = %d AND id %% 7 = %d".formatted(writer, random.nextInt(7));
    return switch (random.nextInt(9)) {
      case 0 -> "UPDATE item SET job = " + random.nextInt(6) + " WHERE " + mine;
      case 1 -> "UPDATE item SET job = NULL, status = 'b' WHERE " + mine;
      case 2 -> "UPDATE item SET amount = size * 0.5, status = 'a' WHERE " + mine;
      case 3 -> "UPDATE item SET hidden = NOT hidden WHERE " + mine;
      case 4 -> "DELETE FROM item WHERE id % 3 = 0 AND " + mine;
      case 5, 6 ->
          "INSERT INTO item (id, job, size) SELECT g * 4 + %d, g %% 5, g FROM generate_series(%d, %d) g ON CONFLICT (id) DO UPDATE SET size = item.size + 1, job = excluded.job"
              .formatted(writer, random.nextInt(100), 100 + random.nextInt(40));
      case 7 ->
          "MERGE INTO item USING (SELECT g * 4 + %d AS g FROM generate_series(1, 60) g) s ON s.g = id WHEN MATCHED AND id %% 5 = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET status = 'c' WHEN NOT MATCHED THEN INSERT (id, job) VALUES (s.g, 2)"
              .formatted(writer);
      default -> "UPDATE item SET note = 'x' WHERE " + mine;
    };
  }
}
