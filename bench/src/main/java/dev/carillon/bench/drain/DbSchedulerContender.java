package dev.carillon.bench.drain;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import dev.carillon.bench.database.BenchDatabase;
import dev.carillon.postgres.Statements;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * db-scheduler in its fastest mode: one statement locks and fetches, up to four times as many as it
 * has threads. It deletes what is done.
 */
record DbSchedulerContender() implements Contender {

  static final Statements SQL = Statements.beside(DbSchedulerContender.class, "peers.sql");

  private static final String TASK = "bench";
  private static final Duration DUE_WITHIN = Duration.ofSeconds(1);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final double FETCH_BELOW = 1.0;
  private static final double FETCH_UP_TO = 4.0;
  private static final List<String> TABLES =
      List.of(
          "db_scheduler_table",
          "db_scheduler_due_index",
          "db_scheduler_heartbeat_index",
          "db_scheduler_priority_index");

  @Override
  public String name() {
    return "db-scheduler";
  }

  @Override
  public void load(BenchDatabase database, int events) {
    Instant now = InstantSource.system().instant();
    Jdbi.create(database.jdbcUrl())
        .useHandle(handle -> {
          TABLES.forEach(statement -> handle.execute(SQL.get(statement)));
          handle
              .createUpdate(SQL.get("db_scheduler_load"))
              .bind("task", TASK)
              .bind("count", events)
              .bind("from", now.minus(DUE_WITHIN))
              .bind("to", now)
              .execute();
        });
  }

  @Override
  public Worker connect(BenchDatabase database, Runnable performed) {
    OneTimeTask<Void> task = Tasks.oneTime(TASK).execute((_, _) -> performed.run());
    HikariDataSource pool = Pool.open(database.jdbcUrl());
    Scheduler scheduler =
        Scheduler.create(pool, task)
            .threads(Pool.PEER_THREADS)
            .pollUsingLockAndFetch(FETCH_BELOW, FETCH_UP_TO)
            .pollingInterval(POLL)
            .build();
    return new Running(scheduler, pool);
  }

  @Override
  public long completed(Handle handle, int events) {
    return events - handle.createQuery(SQL.get("db_scheduler_left")).mapTo(Long.class).one();
  }

  private record Running(Scheduler scheduler, HikariDataSource pool) implements Worker {
    @Override
    public void start() {
      scheduler.start();
    }

    @Override
    public void close() {
      scheduler.stop();
      pool.close();
    }
  }
}
