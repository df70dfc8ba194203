package dev.carillon.bench.drain;

import com.zaxxer.hikari.HikariDataSource;
import dev.carillon.bench.database.BenchDatabase;
import java.time.Duration;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.scheduling.JobScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;

/**
 * JobRunr's open-source edition. It keeps what is done for 36 hours. A class, not a record: JobRunr
 * reads the byte code around the lambda, and cannot read records.
 */
final class JobRunrContender implements Contender {

  private static final Duration POLL = Duration.ofSeconds(5);

  /** The service whose method the jobs name. */
  public record Work(Runnable performed) {

    /** Does nothing but count. */
    public void perform(Integer number) {
      if (number >= 0) {
        performed.run();
      }
    }
  }

  @Override
  public String name() {
    return "jobrunr";
  }

  @Override
  public void load(BenchDatabase database, int events) {
    try (HikariDataSource pool = Pool.open(database.jdbcUrl());
        PostgresStorageProvider storage = storage(pool)) {
      new JobScheduler(storage)
          .<Work, Integer>enqueue(
              IntStream.range(0, events).boxed(), (work, number) -> work.perform(number));
    }
  }

  @Override
  public Worker connect(BenchDatabase database, Runnable performed) {
    HikariDataSource pool = Pool.open(database.jdbcUrl());
    PostgresStorageProvider storage = storage(pool);
    Work work = new Work(performed);
    JobActivator activator =
        new JobActivator() {
          @Override
          public <T> T activateJob(Class<T> type) {
            return type.cast(work);
          }
        };
    BackgroundJobServerConfiguration configuration =
        BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
            .andPollInterval(POLL)
            .andWorkerCount(Pool.PEER_THREADS);
    BackgroundJobServer server =
        new BackgroundJobServer(storage, new JacksonJsonMapper(), activator, configuration);
    return new Running(server, storage, pool);
  }

  @Override
  public long completed(Handle handle, int events) {
    return handle
        .createQuery(DbSchedulerContender.SQL.get("jobrunr_succeeded"))
        .mapTo(Long.class)
        .one();
  }

  private static PostgresStorageProvider storage(HikariDataSource pool) {
    PostgresStorageProvider storage = new PostgresStorageProvider(pool);
    storage.setJobMapper(new JobMapper(new JacksonJsonMapper()));
    return storage;
  }

  private record Running(
      BackgroundJobServer server, PostgresStorageProvider storage, HikariDataSource pool)
      implements Worker {
    @Override
    public void start() {
      server.start();
    }

    @Override
    public void close() {
      server.stop();
      storage.close();
      pool.close();
    }
  }
}
