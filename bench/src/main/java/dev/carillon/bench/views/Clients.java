package dev.carillon.bench.views;

import static dev.carillon.bench.views.JobData.SQL;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Clients that change objects of one job, each its own ones, in one transaction after another. They
 * have nothing between them and the driver.
 *
 * @param jdbcUrl where they connect to
 * @param jobs of which the small one is written to
 * @param count how many clients write at once
 */
record Clients(String jdbcUrl, JobData.Jobs jobs, int count) {

  /** How a client writes. */
  enum Way {
    /** One object in a transaction. */
    ONE("1 object a transaction", 1, Duration.ZERO),
    /** Some objects in a statement. */
    BATCH("100 objects a transaction", 100, Duration.ZERO),
    /** One object, and some time until the transaction is committed. */
    HELD("1 object, held for 5 ms", 1, Duration.ofMillis(5));

    private final String title;
    private final int most;
    private final Duration held;

    Way(String title, int most, Duration held) {
      this.title = title;
      this.most = most;
      this.held = held;
    }

    /** What tables call it. */
    String title() {
      return title;
    }
  }

  /** Says whether a client goes on. */
  private interface More {
    boolean after(int transactions);
  }

  /** Writes for some time. How many objects were changed, by all clients together. */
  long writeFor(Duration time, Way way) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    return write(way, _ -> System.nanoTime() < end);
  }

  /** Changes so many objects, one in each transaction. */
  void change(int objects) throws InterruptedException {
    int each = objects / count;
    if (each * count != objects) {
      throw new IllegalArgumentException("%d clients do not share %d".formatted(count, objects));
    }
    long changed = write(Way.ONE, done -> done < each);
    if (changed != objects) {
      throw new IllegalStateException("%d objects, not %d, changed".formatted(changed, objects));
    }
  }

  private long write(Way way, More more) throws InterruptedException {
    try (ExecutorService executor = Executors.newFixedThreadPool(count)) {
      List<Future<Long>> running = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int client = i;
        running.add(executor.submit(() -> write(client, way, more)));
      }
      long changed = 0;
      for (Future<Long> one : running) {
        changed += one.get();
      }
      return changed;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a client failed", e.getCause());
    }
  }

  private long write(int client, Way way, More more) throws SQLException, InterruptedException {
    int own = jobs.hotObjects() / count;
    int atOnce = Math.min(way.most, own);
    int first = client * own + 1;
    long changed = 0;
    int at = 0;
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        PreparedStatement change = connection.prepareStatement(SQL.get("change_as_client"))) {
      connection.setAutoCommit(way.held.isZero());
      change.setObject(1, jobs.hot());
      change.setString(2, JobData.BUCKET);
      for (int i = 0; more.after(i); i++) {
        change.setString(3, key(first + at));
        change.setString(4, key(first + at + atOnce - 1));
        changed += change.executeUpdate();
        if (!way.held.isZero()) {
          Thread.sleep(way.held);
          connection.commit();
        }
        at = at + 2 * atOnce > own ? 0 : at + atOnce;
      }
    }
    return changed;
  }

  private static String key(int number) {
    return "part/%010d.csv".formatted(number);
  }
}
