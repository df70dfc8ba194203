package dev.carillon.bench.database;

import static dev.carillon.bench.database.BenchServer.SQL;

import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;

/**
 * Measures what a server spends on something: all its processes, so that whatever else runs on it
 * counts too. It looks through a connection that is open already, since opening one costs more than
 * what it may be there to measure. For one thread.
 */
public final class Meter implements AutoCloseable {

  private final Handle handle;
  private final ServerCpu cpu;

  Meter(Handle handle, ServerCpu cpu) {
    this.handle = handle;
    this.cpu = cpu;
  }

  /**
   * What something cost.
   *
   * @param millis of wall clock
   * @param cpuMillis of processor time of the server; NaN if unknown
   * @param walBytes written to the log, without page images
   * @param pageImageBytes of pages that were first changed after a checkpoint
   */
  public record Spent(double millis, double cpuMillis, double walBytes, double pageImageBytes) {

    /** Nothing. */
    public static final Spent NOTHING = new Spent(0, 0, 0, 0);

    /** Both together. */
    public Spent plus(Spent other) {
      return new Spent(
          millis + other.millis,
          cpuMillis + other.cpuMillis,
          walBytes + other.walBytes,
          pageImageBytes + other.pageImageBytes);
    }
  }

  /** Does something and measures it. */
  public Spent of(Runnable work) {
    String from = lsn();
    OptionalDouble before = cpu.seconds();
    long start = System.nanoTime();
    work.run();
    long nanos = System.nanoTime() - start;
    OptionalDouble after = cpu.seconds();
    return spent(nanos, before, after, from);
  }

  @Override
  public void close() {
    handle.close();
  }

  private Spent spent(long nanos, OptionalDouble before, OptionalDouble after, String from) {
    double seconds =
        before.isPresent() && after.isPresent()
            ? after.getAsDouble() - before.getAsDouble()
            : Double.NaN;
    return handle
        .createQuery(SQL.get("log"))
        .bind("from", from)
        .bind("to", lsn())
        .map((row, _) ->
            new Spent(
                nanos / (double) TimeUnit.MILLISECONDS.toNanos(1),
                seconds * TimeUnit.SECONDS.toMillis(1),
                row.getLong("record_bytes"),
                row.getLong("page_image_bytes")))
        .one();
  }

  private String lsn() {
    return handle.createQuery(SQL.get("lsn")).mapTo(String.class).one();
  }
}
