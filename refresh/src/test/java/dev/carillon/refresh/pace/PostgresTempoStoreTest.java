package dev.carillon.refresh.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.carillon.postgres.Database;
import dev.carillon.refresh.TestDatabases;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresTempoStoreTest extends TempoStoreContract {

  private static final String SOURCE = "test-source";

  private final Database database = TestDatabases.migrated();
  private final TempoStore store = new PostgresTempoStore(database.jdbi());

  @Override
  TempoStore store() {
    return store;
  }

  @Test
  void aProcessThatHangsInAChangeDoesNotStopTheOthers() throws Exception {
    store.change(SOURCE, 30, (before, _) -> before);
    CountDownLatch hangs = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    FutureTask<TempoStore.Changed> hanging =
        new FutureTask<>(() ->
            store.change(
                SOURCE,
                30,
                (before, _) -> {
                  hangs.countDown();
                  await(end);
                  return before;
                }));
    Thread.ofVirtual().start(hanging);
    await(hangs);

    // One or another may give up before the one that hangs has lost its connection.
    assertThat(isChangedWithin(Duration.ofSeconds(60))).isTrue();

    end.countDown();
    assertThatExceptionOfType(ExecutionException.class).isThrownBy(hanging::get);
  }

  private boolean isChangedWithin(Duration time) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < time.toNanos()) {
      try {
        store.change(SOURCE, 30, (before, now) -> before.slowed(null, now));
        return true;
      } catch (JdbiException _) {
        // It gave up waiting.
      }
    }
    return false;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(90, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    database.close();
  }
}
