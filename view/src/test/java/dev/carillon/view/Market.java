package dev.carillon.view;

import dev.carillon.postgres.Database;
import dev.carillon.view.capture.RawSql;
import dev.carillon.view.catalog.RegisteredView;
import dev.carillon.view.full.FullRefresh;
import dev.carillon.view.full.RefreshLimits;
import dev.carillon.view.keyed.Keyed;
import dev.carillon.view.keyed.KeyedLimits;
import dev.carillon.view.ledger.Ledger;
import dev.carillon.view.registry.RowQuery;
import dev.carillon.view.registry.RowReader;
import dev.carillon.view.registry.Views;
import dev.carillon.view.registry.Wanted;
import dev.carillon.view.upkeep.Round;
import dev.carillon.view.upkeep.Tending;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jdbi.v3.core.Jdbi;

/** A database with orders of shops, and all that keeps views of them. */
public final class Market implements AutoCloseable {

  /** What the view is called. */
  public static final ViewName NAME = new ViewName("sales");

  /** No ledger keeps a maximum; its keys do. */
  public static final String QUERY =
      "SELECT shop, max(amount) AS most, count(*) AS orders FROM orders GROUP BY shop";

  /** Fails when the smallest amount of a shop is 0. */
  public static final String FRAGILE =
      "SELECT shop, 100 / min(amount) AS share FROM orders GROUP BY shop";

  private static final KeyedLimits LIMITS =
      new KeyedLimits(Duration.ofMillis(100), 2, 50, 1L << 20);

  private final String url;
  private final Database database;
  private final Tending tending;
  private final FullRefresh full;

  public Market(PostgresVersion version) {
    this.url = version.migratedUrl();
    this.database = Database.open(Database.Address.of(url));
    this.full = new FullRefresh(database.jdbi(), RefreshLimits.DEFAULT, new Random(1));
    this.tending = tending(database.jdbi());
    run("CREATE TABLE orders (id bigserial PRIMARY KEY, shop text, amount bigint, weight float8)");
    run("CREATE INDEX ON orders (shop)");
    run("INSERT INTO orders (shop, amount) VALUES ('a', 1), ('a', 2), ('b', 5)");
  }

  private static Tending tending(Jdbi jdbi) {
    return new Tending(
        jdbi,
        List.of(
            new Ledger(jdbi, LIMITS.lockTimeout(), LIMITS.lockAttempts()), new Keyed(jdbi, LIMITS)),
        new Random(1));
  }

  /** Where the database is. */
  public String url() {
    return url;
  }

  public Database database() {
    return database;
  }

  public Views views() {
    return new Views(database.jdbi(), tending, full);
  }

  /** The same over other connections. */
  public static Views views(Jdbi jdbi) {
    return new Views(
        jdbi, tending(jdbi), new FullRefresh(jdbi, RefreshLimits.DEFAULT, new Random(1)));
  }

  public Round round() {
    return new Round(database.jdbi(), tending, full);
  }

  public static Wanted wanted(String query, List<Tier> tiers, String... key) {
    return wanted(NAME, query, tiers, key);
  }

  public static Wanted wanted(ViewName name, String query, List<Tier> tiers, String... key) {
    return new Wanted(
        name,
        query,
        tiers,
        List.of(key),
        RegisteredView.DEFAULT_INTERVAL,
        RegisteredView.DEFAULT_OBJECTIVE);
  }

  /** The rows of the view, as JSON. */
  public List<String> rows() {
    return new RowReader(database.jdbi())
        .read(NAME, new RowQuery(List.of(), List.of(), RowQuery.MAX_LIMIT, 0))
        .rows();
  }

  public void run(String sql) {
    database.jdbi().useHandle(handle -> RawSql.execute(handle, sql));
  }

  public long count(String sql) {
    return database.jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }

  /** What was generated for views and is there. */
  public long generated() {
    return count(
        "SELECT count(*) FROM (SELECT relname FROM pg_class WHERE relname LIKE 'carillon_sales_%'"
            + " UNION ALL SELECT proname FROM pg_proc WHERE proname LIKE 'carillon_sales_%'"
            + " UNION ALL SELECT tgname FROM pg_trigger WHERE tgname LIKE 'carillon_sales_%'"
            + " UNION ALL SELECT view_name FROM keyed_view"
            + " UNION ALL SELECT view_name FROM ledger_part"
            + " UNION ALL SELECT relname FROM pg_class WHERE relname = 'sales') AS objects");
  }

  /** The database's time. */
  public Instant now() {
    return database
        .jdbi()
        .withHandle(
            handle -> handle.createQuery("SELECT clock_timestamp()").mapTo(Instant.class).one());
  }

  @Override
  public void close() {
    database.close();
  }
}
