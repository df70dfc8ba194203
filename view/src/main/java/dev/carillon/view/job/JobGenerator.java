package dev.carillon.view.job;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Statements;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Makes jobs that scan nothing, and moves them on: for demonstrations and benchmarks. Safe for use
 * by many threads.
 *
 * @param jdbi runs the statements
 */
public record JobGenerator(Jdbi jdbi) {

  /** The most objects that one statement makes or moves. */
  public static final int BATCH = 50_000;

  /** How many batches are made at once, each on a connection. */
  public static final int MAX_CONNECTIONS = 3;

  /** The most jobs that are made at once. */
  public static final int MAX_JOBS = 100_000;

  /** The most objects of a job. */
  public static final long MAX_OBJECTS = 1_000_000_000;

  private static final Statements SQL = Statements.beside(JobGenerator.class, "generator.sql");

  public JobGenerator {
    requireNonNull(jdbi, "jdbi is null");
  }

  /**
   * What jobs to make.
   *
   * @param bucket in which bucket
   * @param jobs how many jobs
   * @param objects how many objects each has
   * @param donePercent how much of each is done already, from 0 to 100
   * @param failEvery which objects fail: every so manieth
   * @param findEvery in which objects something is found: in every so manieth that does not fail
   */
  public record Shape(
      String bucket, int jobs, long objects, int donePercent, int failEvery, int findEvery) {

    public Shape {
      requireNonNull(bucket, "bucket is null");
      within("jobs", jobs, 1, MAX_JOBS);
      within("objects", objects, 0, MAX_OBJECTS);
      within("donePercent", donePercent, 0, 100);
      within("failEvery", failEvery, 1, Integer.MAX_VALUE);
      within("findEvery", findEvery, 1, Integer.MAX_VALUE);
    }

    /** Jobs with nothing done; every 100th object fails, every 10th has something in it. */
    public static Shape of(int jobs, long objects) {
      return new Shape("generated", jobs, objects, 0, 100, 10);
    }

    /** The same with so much done already. */
    public Shape done(int percent) {
      return new Shape(bucket, jobs, objects, percent, failEvery, findEvery);
    }

    private static void within(String field, long value, long least, long most) {
      if (value < least || value > most) {
        throw new IllegalArgumentException(
            "%s must be from %d to %d, not %d".formatted(field, least, most, value));
      }
    }
  }

  /**
   * What moving on did.
   *
   * @param begun how many objects began to be processed
   * @param ended how many ended
   * @param found how much was found
   */
  public record Moved(long begun, long ended, long found) {

    /** Whether there was nothing to do. */
    public boolean nothing() {
      return begun == 0 && ended == 0;
    }
  }

  /**
   * Makes jobs with their objects and findings, in batches that are a transaction each, some of
   * them at once.
   */
  public List<UUID> make(Shape shape) {
    List<UUID> jobs =
        jdbi.withHandle(handle ->
            handle
                .createQuery(SQL.get("jobs"))
                .bind("bucket", shape.bucket())
                .bind("jobs", shape.jobs())
                .mapTo(UUID.class)
                .list());
    Semaphore most = new Semaphore(MAX_CONNECTIONS);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> batches = new ArrayList<>();
      for (UUID job : jobs) {
        for (long from = 1; from <= shape.objects(); from += BATCH) {
          long first = from;
          most.acquireUninterruptibly();
          batches.add(threads.submit(() -> fill(job, shape, first, most)));
        }
      }
      for (Future<?> batch : batches) {
        batch.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while jobs were made", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("jobs could not be made", e.getCause());
    }
    return jobs;
  }

  /**
   * Moves a job's generated objects on: what is being processed ends, what waits begins.
   *
   * @param most how many of each, from 1 to {@link #BATCH}; more is cut
   */
  public Moved moveOn(UUID job, int most, Shape shape) {
    return jdbi.inTransaction(handle ->
        handle
            .createQuery(SQL.get("move_on"))
            .bind("job", job)
            .bind("most", Math.clamp(most, 1, BATCH))
            .bind("fail_every", shape.failEvery())
            .bind("find_every", shape.findEvery())
            .map((row, _) ->
                new Moved(row.getLong("begun"), row.getLong("ended"), row.getLong("found")))
            .one());
  }

  private void fill(UUID job, Shape shape, long from, Semaphore most) {
    try {
      jdbi.useTransaction(handle -> fill(handle, job, shape, from));
    } finally {
      most.release();
    }
  }

  /**
   * The job's row is held instead of being looked up for each object, where that is allowed; one
   * that was deleted meanwhile gets no more objects.
   */
  private static void fill(Handle handle, UUID job, Shape shape, long from) {
    if (handle
        .createQuery(SQL.get("hold"))
        .bind("job", job)
        .mapTo(UUID.class)
        .findOne()
        .isEmpty()) {
      return;
    }
    var _ = handle.createQuery(SQL.get("unchecked")).mapTo(String.class).findOne();
    long to = Math.min(from + BATCH - 1, shape.objects());
    long done = shape.objects() * shape.donePercent() / 100;
    handle
        .createUpdate(SQL.get("objects"))
        .bind("job", job)
        .bind("bucket", shape.bucket())
        .bind("from", from)
        .bind("to", to)
        .bind("done", done)
        .bind("fail_every", shape.failEvery())
        .execute();
    handle
        .createUpdate(SQL.get("findings"))
        .bind("job", job)
        .bind("bucket", shape.bucket())
        .bind("from", from)
        .bind("to", to)
        .bind("done", done)
        .bind("fail_every", shape.failEvery())
        .bind("find_every", shape.findEvery())
        .execute();
  }
}
