package dev.carillon.bench.views;

import dev.carillon.bench.database.BenchDatabase;
import dev.carillon.bench.database.BenchServer;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.Statements;
import dev.carillon.view.full.FullRefresh;
import dev.carillon.view.full.RefreshLimits;
import dev.carillon.view.optimisation.Optimisations;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Ten jobs of one size and a small one, in a database of their own, with their view. */
final class JobData implements AutoCloseable {

  /** How many jobs share the objects. */
  static final int JOBS = 10;

  /** The most objects of the small job, which clients write to. */
  static final int MOST_HOT = 10_000;

  static final String BUCKET = "bench";

  static final Statements SQL = Statements.beside(JobData.class, "views.sql");

  private static final int POOL_SIZE = 4;
  private static final String SORT_IN_MEMORY = "&options=-c%20maintenance_work_mem=512MB";
  private static final RefreshLimits LIMITS =
      new RefreshLimits(Duration.ofSeconds(5), Duration.ofHours(1));

  private final BenchServer server;
  private final BenchDatabase database;
  private final Jobs jobs;
  private Database pool;

  private JobData(BenchServer server, BenchDatabase database, Jobs jobs) {
    this.server = server;
    this.database = database;
    this.jobs = jobs;
    this.pool = open(database);
  }

  /**
   * Which jobs there are.
   *
   * @param large those that share the objects
   * @param objectsOfEach how many each of them has
   * @param hot the small one
   * @param hotObjects how many it has
   */
  record Jobs(List<UUID> large, long objectsOfEach, UUID hot, int hotObjects) {

    Jobs {
      large = List.copyOf(large);
    }

    /** Of all jobs. */
    long objects() {
      return large.size() * objectsOfEach + hotObjects;
    }

    /** Any of them. */
    UUID any() {
      int number = ThreadLocalRandom.current().nextInt(large.size() + 1);
      return number == large.size() ? hot : large.get(number);
    }
  }

  /** Fills a database; its tables are analysed, but have never been vacuumed. */
  static JobData fill(BenchServer server, long objects, int hotObjects, Consumer<String> progress) {
    BenchDatabase database = server.fresh("views");
    Jobs jobs;
    try (Database pool = open(database)) {
      pool.migrate();
      progress.accept("filling %,d objects".formatted(objects));
      jobs = pool.jdbi().withHandle(handle -> fill(handle, objects / JOBS, hotObjects));
      progress.accept("making the indexes and the view");
      optimisations(pool).migrate(_ -> {});
    }
    JobData data = new JobData(server, database, jobs);
    data.jdbi().useHandle(handle -> handle.execute(SQL.get("analyse")));
    return data;
  }

  private static Jobs fill(Handle handle, long objectsOfEach, int hotObjects) {
    handle.execute(SQL.get("strip_objects"));
    handle.execute(SQL.get("strip_findings"));
    List<UUID> all =
        handle
            .createQuery(SQL.get("jobs"))
            .bind("bucket", BUCKET)
            .bind("jobs", JOBS + 1)
            .mapTo(UUID.class)
            .list();
    List<UUID> large = all.subList(1, all.size());
    fill(handle, all.getFirst(), hotObjects);
    large.forEach(job -> fill(handle, job, objectsOfEach));
    handle.execute(SQL.get("restore_objects"));
    handle.execute(SQL.get("restore_findings"));
    return new Jobs(large, objectsOfEach, all.getFirst(), hotObjects);
  }

  private static void fill(Handle handle, UUID job, long objects) {
    for (String statement : List.of("objects", "findings")) {
      handle
          .createUpdate(SQL.get(statement))
          .bind("job", job)
          .bind("bucket", BUCKET)
          .bind("objects", objects)
          .execute();
    }
  }

  /** The same jobs in another database; meanwhile nobody may use this one. */
  JobData copy(String purpose) throws InterruptedException {
    pool.close();
    database.awaitUnused();
    BenchDatabase other = server.copy(database, purpose);
    pool = open(database);
    return new JobData(server, other, jobs);
  }

  Jobs jobs() {
    return jobs;
  }

  BenchDatabase database() {
    return database;
  }

  /** Connections that may take their time. */
  Jdbi jdbi() {
    return pool.jdbi();
  }

  /** What turns its view from one form into another. */
  Optimisations optimisations() {
    return optimisations(pool);
  }

  /** What fills its view. */
  FullRefresh refresh() {
    return refresh(pool);
  }

  /** Brings its tables to rest: vacuumed, analysed, written to disk. */
  void settle() {
    database.settle();
  }

  /** Deletes the database. */
  @Override
  public void close() {
    pool.close();
    server.drop(database);
  }

  private static Database open(BenchDatabase database) {
    Database.Address unhurried = Database.Address.of(database.jdbcUrl()).unhurried();
    return Database.open(
        new Database.Address(unhurried.jdbcUrl() + SORT_IN_MEMORY, null, null, POOL_SIZE));
  }

  private static Optimisations optimisations(Database pool) {
    return new Optimisations(pool, refresh(pool), InstantSource.system());
  }

  private static FullRefresh refresh(Database pool) {
    return new FullRefresh(pool.jdbi(), LIMITS, () -> ThreadLocalRandom.current().nextLong());
  }
}
