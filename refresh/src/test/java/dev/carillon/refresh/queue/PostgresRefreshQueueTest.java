package dev.carillon.refresh.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.refresh.TestDatabases;
import dev.carillon.refresh.request.Priority;
import dev.carillon.testkit.Patience;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresRefreshQueueTest extends RefreshQueueContract {

  private final Database database = TestDatabases.migrated();
  private final RefreshQueue queue = new PostgresRefreshQueue(database.jdbi());

  @Override
  RefreshQueue queue() {
    return queue;
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whatIsThereAlreadyIsNotLockedByAskingForItAgain() throws Exception {
    add(low("#A"), low("#B"));
    take(1);
    add(low("#A"));

    FutureTask<RefreshQueue.Added> again =
        new FutureTask<>(() -> add(low("#A"), low("#B"), low("#C")));
    RefreshQueue.Added added =
        database
            .jdbi()
            .inTransaction(handle -> {
              handle.execute("SELECT FROM refresh_request FOR UPDATE");
              Thread.ofVirtual().start(again);
              return again.get(20, TimeUnit.SECONDS);
            });

    assertThat(added).isEqualTo(new RefreshQueue.Added(1, 0, 2));
  }

  @Test
  void aRaiseThatMeetsAnAddThatIsNotSeenYetIsNotLost() throws Exception {
    FutureTask<RefreshQueue.Added> raise =
        new FutureTask<>(() -> add(request("#A", Priority.CRITICAL, NOW)));
    database
        .jdbi()
        .useTransaction(handle -> {
          handle.execute(
              """
              INSERT INTO refresh_request (source, type, tag, priority, requested_at, deadline, arrival)
              VALUES (?, 'clan', '#A', 3, now(), now() + interval '1 day', 1)
              """,
              SOURCE);
          Thread.ofVirtual().start(raise);
          elsewhere(() -> Patience.until(Duration.ofSeconds(20), this::isSomebodyWaiting));
        });

    assertThat(raise.get()).isEqualTo(new RefreshQueue.Added(0, 1, 0));
    assertThat(take(1).getFirst().request().priority()).isEqualTo(Priority.CRITICAL);
  }

  private static void elsewhere(Runnable task) throws Exception {
    FutureTask<Object> future = new FutureTask<>(Executors.callable(task));
    Thread.ofVirtual().start(future);
    future.get();
  }

  private boolean isSomebodyWaiting() {
    return database
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted")
                .mapTo(Boolean.class)
                .one());
  }

  @Test
  void aDatabaseThatDoesNotAnswerIsTrouble() {
    database.close();

    assertThat(queue.trouble()).isEqualTo("PostgreSQL does not answer");
  }
}
