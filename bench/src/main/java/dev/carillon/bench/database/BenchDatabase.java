package dev.carillon.bench.database;

import static dev.carillon.bench.database.BenchServer.SQL;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** A database that one contender works in, and the harness's own way to look at it. */
public final class BenchDatabase {

  /** How long connections that were closed may take to be gone from the server. */
  public static final Duration GONE_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration GONE_POLL = Duration.ofMillis(20);

  private final String name;
  private final String jdbcUrl;
  private final Jdbi observer;
  private final ServerCpu cpu;

  BenchDatabase(String name, String jdbcUrl, Jdbi observer, ServerCpu cpu) {
    this.name = name;
    this.jdbcUrl = jdbcUrl;
    this.observer = observer;
    this.cpu = cpu;
  }

  /**
   * What was counted up to a point of time.
   *
   * @param nanos on the monotonic clock
   * @param statements that the contender ran
   * @param lsn the end of the write-ahead log
   * @param serverCpu seconds of processor time of the server; empty if unknown
   * @param clientCpu seconds of processor time of this Java process
   */
  public record Counters(
      long nanos, long statements, String lsn, OptionalDouble serverCpu, double clientCpu) {}

  /**
   * What a part of the write-ahead log holds.
   *
   * @param commits transactions that wrote something
   * @param recordBytes without page images
   * @param pageImageBytes images of pages that were first changed after a checkpoint
   */
  public record Log(long commits, long recordBytes, long pageImageBytes) {}

  /**
   * What one statement cost in all.
   *
   * @param calls how often it ran
   * @param rows how many rows it returned or changed
   * @param executing milliseconds
   * @param planning milliseconds; zero if it was not counted
   * @param walBytes what it wrote to the log
   * @param text its beginning
   */
  public record StatementCost(
      long calls, long rows, double executing, double planning, long walBytes, String text) {}

  /** Where the contender connects to. */
  public String jdbcUrl() {
    return jdbcUrl;
  }

  /** What it is called on its server. */
  String name() {
    return name;
  }

  /** A meter of what the server spends on something; to be closed. */
  public Meter meter() {
    return new Meter(observe(), cpu);
  }

  /** Opens a connection whose statements are not counted. */
  public Handle observe() {
    return observer.open();
  }

  /** Brings the tables to rest: vacuumed, analysed, written to disk. */
  public void settle() {
    BenchServer.run(observer, "vacuum");
    BenchServer.run(observer, "checkpoint");
  }

  /** Waits until nobody but the caller is connected: only then all row counts have arrived. */
  public void awaitUnused() throws InterruptedException {
    long deadline = System.nanoTime() + GONE_TIMEOUT.toNanos();
    try (Handle handle = observe()) {
      while (handle.createQuery(SQL.get("others")).mapTo(Long.class).one() > 0) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("a contender left connections open: " + jdbcUrl);
        }
        Thread.sleep(GONE_POLL);
      }
    }
  }

  /** Reads the counters. */
  public Counters counters() {
    try (Handle handle = observe()) {
      return handle
          .createQuery(SQL.get("counters"))
          .map((row, _) ->
              new Counters(
                  System.nanoTime(),
                  row.getLong("statements"),
                  row.getString("lsn"),
                  cpu.seconds(),
                  clientCpuSeconds()))
          .one();
    }
  }

  /** Reads the log between two points. */
  public Log log(Counters from, Counters to) {
    try (Handle handle = observe()) {
      return handle
          .createQuery(SQL.get("log"))
          .bind("from", from.lsn())
          .bind("to", to.lsn())
          .map((row, _) ->
              new Log(
                  row.getLong("commits"),
                  row.getLong("record_bytes"),
                  row.getLong("page_image_bytes")))
          .one();
    }
  }

  /** How many dead row versions its tables hold, by the server's statistics. */
  public long deadTuples() {
    try (Handle handle = observe()) {
      return handle.createQuery(SQL.get("dead_tuples")).mapTo(Long.class).one();
    }
  }

  /** The statements that took the most time since the database was made. */
  public List<StatementCost> costliest(int limit) {
    try (Handle handle = observe()) {
      return handle
          .createQuery(SQL.get("costliest"))
          .bind("limit", limit)
          .map((row, _) ->
              new StatementCost(
                  row.getLong("calls"),
                  row.getLong("rows"),
                  row.getDouble("total_exec_time"),
                  row.getDouble("total_plan_time"),
                  row.getLong("wal_bytes"),
                  row.getString("query")))
          .list();
    }
  }

  private static double clientCpuSeconds() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return system.getProcessCpuTime() / (double) TimeUnit.SECONDS.toNanos(1);
  }
}
