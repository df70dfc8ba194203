package dev.carillon.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.view.capture.CaptureBusy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;

/**
 * Writers that do all that writers do, beside keepers of a view, with sessions of both killed at
 * random, while an auditor compares the view with its query in one snapshot after the other. The
 * system property {@code soak.minutes} makes it last longer, {@code storm.seed} repeats one.
 */
public final class Storm {

  /** How long it lasts. */
  public static final Duration LENGTH =
      Long.getLong("soak.minutes", 0) == 0
          ? Duration.ofMillis(1_500)
          : Duration.ofMinutes(Long.getLong("soak.minutes"));

  /** Within which time a keeper that is built wrong must be found out, however slow the machine. */
  public static final Duration FOUND_WITHIN = Duration.ofSeconds(60);

  private static final String APPLICATION = "storm";
  private static final int WRITERS = 4;
  private static final int MAX_STATEMENTS = 4;
  private static final int LOOKS_PER_KILL = 3;
  private static final int KEEPER_CONNECTIONS = 2;

  /** Killed, crashed, cannot connect, connection lost, serialization, deadlock, lock timeout. */
  private static final Set<String> PASSING =
      Set.of("57P01", "57P02", "57P03", "40001", "40P01", "55P03");

  private static final String KILL =
      "SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity"
          + " WHERE datname = current_database() AND application_name = '"
          + APPLICATION
          + "' AND state <> 'idle' ORDER BY random() LIMIT 1) one";

  /** What is written to and looked at: a table {@code item} and what is kept of it. */
  public interface Subject {

    String url();

    /** A change that only this one has. */
    String change(Random random, int writer);

    /** Locks that let the snapshot that follows be compared: neither TRUNCATE nor DDL is in it. */
    String lock();

    /** How many rows are wrong in the snapshot of this transaction and not said to be so. */
    long differences(Connection connection) throws SQLException;
  }

  /**
   * What happened.
   *
   * @param looks how often the view was compared
   * @param worst the most rows that differed in one look
   */
  public record Tally(long looks, long commits, long kept, long kills, long worst) {}

  private final Subject subject;
  private final boolean killing;
  private final boolean truncating;
  private final long seed = Long.getLong("storm.seed", new Random().nextLong());
  private final List<Consumer<Jdbi>> keepers = new ArrayList<>();
  private final Set<Long> receipts = ConcurrentHashMap.newKeySet();
  private final AtomicLong numbers = new AtomicLong(1_000_000);
  private final AtomicLong looks = new AtomicLong();
  private final AtomicLong commits = new AtomicLong();
  private final AtomicLong kept = new AtomicLong();
  private final AtomicLong kills = new AtomicLong();
  private final AtomicLong worst = new AtomicLong();
  private volatile boolean blowing;

  private Storm(Subject subject, boolean killing, boolean truncating) {
    this.subject = subject;
    this.killing = killing;
    this.truncating = truncating;
  }

  /** With all that can happen. */
  public static Storm over(Subject subject) {
    return new Storm(subject, true, true);
  }

  /** Without kills and TRUNCATE, under which little is written: for keepers that must be caught. */
  public static Storm gentle(Subject subject) {
    return new Storm(subject, false, false);
  }

  /** Adds a thread that does this again and again, with connections of its own. */
  public Storm beside(Consumer<Jdbi> keeper) {
    keepers.add(keeper);
    return this;
  }

  /** Blows for a time, and longer until everything has happened at least once. */
  public Tally blow(Duration length) throws Exception {
    long end = System.nanoTime() + length.toNanos();
    return blow(() -> System.nanoTime() < end || !everythingHappened());
  }

  /** Blows until a look finds a difference. */
  public Tally blowUntilFound() throws Exception {
    long end = System.nanoTime() + FOUND_WITHIN.toNanos();
    return blow(() -> worst.get() == 0 && System.nanoTime() < end);
  }

  /** Blows for some looks, lets something happen meanwhile, and ends where it left off. */
  public Tally blowUntil(Runnable disaster) throws Exception {
    long enough = looks.get() + 8;
    Tally before =
        blow(() -> {
          if (looks.get() < enough || commits.get() == 0) {
            return true;
          }
          disaster.run();
          return false;
        });
    assertThat(lostReceipts()).as("seed %d: commits that are gone", seed).isEmpty();
    return before;
  }

  /** For the words of an assertion. */
  public long seed() {
    return seed;
  }

  private boolean everythingHappened() {
    return looks.get() > 5
        && commits.get() > 20
        && (keepers.isEmpty() || kept.get() > 2)
        && (!killing || kills.get() > 2);
  }

  private interface Going {
    boolean on();
  }

  private Tally blow(Going going) throws Exception {
    prepare();
    blowing = true;
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < WRITERS; i++) {
        int writer = i;
        all.add(threads.submit(() -> write(writer)));
      }
      keepers.forEach(keeper -> all.add(threads.submit(() -> keep(keeper))));
      try {
        while (going.on() && all.stream().noneMatch(Future::isDone)) {
          look();
        }
      } finally {
        blowing = false;
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
    return new Tally(looks.get(), commits.get(), kept.get(), kills.get(), worst.get());
  }

  private void prepare() throws SQLException {
    try (Connection connection = connect("prepare");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS receipt (number bigint)");
    }
  }

  private Connection connect(String application) throws SQLException {
    return DriverManager.getConnection(subject.url() + "&ApplicationName=" + application);
  }

  private void look() throws Exception {
    try (Connection connection = connect("auditor");
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int i = 0; i < LOOKS_PER_KILL && blowing; i++) {
        statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        statement.execute(subject.lock());
        note(subject.differences(connection));
        looks.incrementAndGet();
        connection.commit();
      }
      if (killing) {
        kills.addAndGet(number(statement, KILL));
        connection.commit();
      }
    } catch (SQLException | RuntimeException e) {
      pass(e);
    }
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private void note(long differences) {
    worst.accumulateAndGet(differences, Math::max);
  }

  private void keep(Consumer<Jdbi> keeper) {
    Database.Address address =
        new Database.Address(
            subject.url() + "&ApplicationName=" + APPLICATION, null, null, KEEPER_CONNECTIONS);
    try (Database database = Database.open(address)) {
      while (blowing) {
        try {
          keeper.accept(database.jdbi());
          kept.incrementAndGet();
        } catch (CaptureBusy e) {
          Thread.onSpinWait();
        } catch (RuntimeException e) {
          pass(e);
        }
      }
    }
  }

  private Void write(int writer) throws Exception {
    Random random = new Random(seed + writer);
    while (blowing) {
      try (Connection connection = connect(APPLICATION);
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        while (blowing) {
          try {
            transaction(connection, statement, random, writer);
          } catch (SQLException | RuntimeException e) {
            pass(e);
            connection.rollback();
          }
        }
      } catch (SQLException | RuntimeException e) {
        pass(e);
      }
    }
    return null;
  }

  private void transaction(Connection connection, Statement statement, Random random, int writer)
      throws SQLException {
    if (truncating && random.nextInt(80) == 0) {
      statement.execute("TRUNCATE item");
    } else if (random.nextInt(4) == 0) {
      // The lock comes before the snapshot, so that no TRUNCATE can come between.
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      statement.execute("LOCK TABLE item IN ROW EXCLUSIVE MODE");
    }
    for (int i = random.nextInt(MAX_STATEMENTS); i >= 0; i--) {
      boolean savepoint = random.nextInt(4) == 0;
      if (savepoint) {
        statement.execute("SAVEPOINT s");
      }
      statement.execute(change(random, writer));
      if (savepoint && random.nextBoolean()) {
        statement.execute("ROLLBACK TO SAVEPOINT s");
      }
    }
    for (int own = ownLooks(random); own > 0; own--) {
      note(subject.differences(connection));
    }
    end(connection, statement, random);
  }

  /** Most transactions are short; some last while much else happens. */
  private static int ownLooks(Random random) {
    return switch (random.nextInt(20)) {
      case 0 -> 12;
      case 1, 2 -> 1;
      default -> 0;
    };
  }

  private void end(Connection connection, Statement statement, Random random) throws SQLException {
    if (random.nextInt(5) == 0) {
      connection.rollback();
      return;
    }
    long receipt = numbers.incrementAndGet();
    statement.execute("INSERT INTO receipt VALUES (" + receipt + ")");
    connection.commit();
    receipts.add(receipt);
    commits.incrementAndGet();
  }

  /** Each writer has its own rows, so that few wait for another; groups and keys are shared. */
  private String change(Random random, int writer) {
    String mine = "id %% %d = %d AND id %% 7 = %d".formatted(WRITERS, writer, random.nextInt(7));
    int from = random.nextInt(100);
    return switch (random.nextInt(11)) {
      case 0 -> "UPDATE item SET job = %d WHERE %s".formatted(random.nextInt(9), mine);
      case 1 -> "UPDATE item SET job = NULL, status = 'b' WHERE " + mine;
      case 2 -> "UPDATE item SET amount = id % 100 * 0.5, status = 'a' WHERE " + mine;
      case 3 -> "UPDATE item SET hidden = NOT hidden WHERE " + mine;
      case 4 -> "DELETE FROM item WHERE " + mine;
      case 5, 6 ->
          "INSERT INTO item (id, job, amount) SELECT g * %1$d + %2$d, g %% 9, g FROM generate_series(%3$d, %3$d + 30) g ON CONFLICT (id) DO UPDATE SET amount = item.amount + 1, job = excluded.job"
              .formatted(WRITERS, writer, from);
      case 7 ->
          "MERGE INTO item USING (SELECT g * %1$d + %2$d AS g FROM generate_series(%3$d, %3$d + 30) g) s ON s.g = id WHEN MATCHED AND id %% 5 = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET status = 'c' WHEN NOT MATCHED THEN INSERT (id, job) VALUES (s.g, 2)"
              .formatted(WRITERS, writer, from);
      case 8 -> copy(writer);
      case 9 ->
          "WITH gone AS (DELETE FROM item WHERE %s RETURNING id) UPDATE item SET status = 'd' WHERE id %% %d = %d AND id %% 7 = %d"
              .formatted(mine, WRITERS, writer, (random.nextInt(6) + 1) % 7);
      default -> subject.change(random, writer);
    };
  }

  /** Rows of numbers that nobody else has; some of them are taken away again by the deletes. */
  private String copy(int writer) {
    long first = numbers.addAndGet(100) / WRITERS * WRITERS + writer;
    return "COPY item (id) FROM PROGRAM 'seq %d %d %d'"
        .formatted(first, WRITERS, first + 10L * WRITERS);
  }

  private List<Long> lostReceipts() throws SQLException {
    List<Long> lost = new ArrayList<>(receipts);
    try (Connection connection = connect("receipts");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT number FROM receipt")) {
      Set<Long> there = ConcurrentHashMap.newKeySet();
      while (rows.next()) {
        there.add(rows.getLong(1));
      }
      lost.removeAll(there);
    }
    return lost;
  }

  /** Lets through what a kill, a crash or another transaction explains. */
  private static <E extends Exception> void pass(E failure) throws E {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql
          && sql.getSQLState() != null
          && (PASSING.contains(sql.getSQLState()) || sql.getSQLState().startsWith("08"))) {
        return;
      }
    }
    throw failure;
  }
}
