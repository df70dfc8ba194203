package dev.carillon.view.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.view.ViewName;
import dev.carillon.view.capture.RawSql;
import dev.carillon.view.definition.ViewQuery;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;

/** A small database with a view that a ledger keeps, and the question whether it is exact. */
final class Shop {

  static final ViewName VIEW = new ViewName("item_counts");

  static final String QUERY =
      """
      SELECT i.job, i.status, count(*) AS n, count(amount) AS priced, sum(amount) AS total,
             avg(size) AS mean_size, sum(size) FILTER (WHERE status = 'b') AS b_size,
             count(*) FILTER (WHERE size > 50) AS large,
             round(100.0 * count(amount) / count(*), 1) AS percent
      FROM item i WHERE NOT hidden GROUP BY job, i.status\
      """;

  private static final String COLUMNS =
      "id bigint, job bigint, status text NOT NULL DEFAULT 'a', amount numeric(12, 2), size int,"
          + " hidden boolean NOT NULL DEFAULT false, note text";

  private static final int CONNECTIONS = 9;
  private static final Map<Version, Shop> SHOPS = new ConcurrentHashMap<>();

  private final Database database;
  private final String url;
  private final Ledger ledger;

  private Shop(String url) {
    this.url = url;
    this.database = Database.open(new Database.Address(url, null, null, CONNECTIONS));
    this.ledger = new Ledger(database.jdbi());
  }

  /** A plain table of items, empty, with the view. */
  static Shop plain(Version version) {
    Shop shop = withoutView(version);
    shop.create();
    return shop;
  }

  static Shop withoutView(Version version) {
    return emptied(version).withItems();
  }

  /** The same table in a database of one's own. */
  static Shop withoutView(String url) {
    return emptied(at(url)).withItems();
  }

  private Shop withItems() {
    run("CREATE TABLE item (" + COLUMNS + ", PRIMARY KEY (id))");
    return this;
  }

  /** One database serves all tests of a version; all that they make lies in two schemas. */
  private static Shop emptied(Version version) {
    return emptied(SHOPS.computeIfAbsent(version, made -> at(made.newDatabase())));
  }

  /** A database of its own, with nothing in it yet. */
  static Shop at(String url) {
    return new Shop(url + "&currentSchema=play,public");
  }

  private static Shop emptied(Shop shop) {
    shop.run("DROP SCHEMA IF EXISTS play CASCADE");
    shop.run("DROP SCHEMA IF EXISTS \"Odd \"\"one\" CASCADE");
    shop.run("CREATE SCHEMA play");
    shop.run("DELETE FROM ledger_part");
    shop.run("DELETE FROM ledger_doubt");
    return shop;
  }

  /** Items in three partitions by id, one of which has partitions itself. */
  static Shop partitioned(Version version) {
    Shop shop = emptied(version);
    shop.run("CREATE TABLE item (" + COLUMNS + ", PRIMARY KEY (id)) PARTITION BY RANGE (id)");
    shop.run("CREATE TABLE item_1 PARTITION OF item FOR VALUES FROM (0) TO (1000)");
    shop.run("CREATE TABLE item_2 PARTITION OF item FOR VALUES FROM (1000) TO (2000)");
    shop.run(
        "CREATE TABLE item_3 PARTITION OF item FOR VALUES FROM (2000) TO (3000)"
            + " PARTITION BY RANGE (id)");
    shop.run("CREATE TABLE item_3a PARTITION OF item_3 FOR VALUES FROM (2000) TO (3000)");
    shop.create();
    return shop;
  }

  void create() {
    ledger.create(VIEW, query(QUERY));
  }

  static ViewQuery.Valid query(String sql) {
    return (ViewQuery.Valid) ViewQuery.parse(sql);
  }

  Ledger ledger() {
    return ledger;
  }

  Jdbi jdbi() {
    return database.jdbi();
  }

  Connection connection() {
    try {
      return database.dataSource().getConnection();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  String url() {
    return url;
  }

  void run(String sql) {
    jdbi().useHandle(handle -> RawSql.execute(handle, sql));
  }

  long count(String sql) {
    return jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }

  List<String> lines(String sql) {
    return jdbi().withHandle(handle -> RawSql.lines(handle, sql));
  }

  /**
   * In one statement, so in one snapshot: rows that the query has and the view has not, and back.
   */
  static long differences(Connection connection) {
    String sql =
        "WITH q AS ("
            + QUERY
            + "), v AS (SELECT * FROM item_counts) SELECT count(*) FROM ("
            + "(SELECT * FROM q EXCEPT ALL SELECT * FROM v)"
            + " UNION ALL (SELECT * FROM v EXCEPT ALL SELECT * FROM q)) AS differing";
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same with other connections: those of before are broken when the server has crashed. */
  Shop reopened() {
    close();
    return new Shop(url);
  }

  void close() {
    database.close();
  }

  /** As several processes would do it at once. */
  void together(int processes, Consumer<Ledger> work) throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(processes);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < processes; i++) {
        all.add(
            threads.submit(() -> {
              barrier.await();
              work.accept(ledger);
              return null;
            }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  void assertExact() {
    assertThat(differences()).isZero();
  }

  long differences() {
    return jdbi().withHandle(handle -> differences(handle.getConnection()));
  }

  /** Exact, before and after a fold, and says so. */
  void assertExactAndFoldable() {
    assertExact();
    while (ledger.fold(VIEW).rows() > 0) {
      assertExact();
    }
    assertThat(ledger.state(VIEW).pending()).isZero();
    assertThat(ledger.audit(VIEW).mismatches()).isZero();
  }
}
