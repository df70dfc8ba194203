package dev.carillon.view.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.postgres.Database;
import dev.carillon.view.PostgresVersion;
import dev.carillon.view.ViewName;
import dev.carillon.view.capture.RawSql;
import dev.carillon.view.definition.ViewQuery;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Jdbi;

/**
 * A small database with two views that are kept by their keys, and the question whether they are.
 */
final class Yard {

  /** Of three tables, by one key that is never NULL. */
  static final ViewName JOBS = new ViewName("job_facts");

  /** Of one table, by a key of which each half may be NULL. */
  static final ViewName GROUPS = new ViewName("item_groups");

  static final String JOBS_QUERY =
      """
      WITH last AS (
        SELECT i.job, max(i.at) AS last_at, min(i.amount) AS least,
               count(DISTINCT i.status) AS kinds
        FROM item i WHERE NOT i.hidden GROUP BY i.job
      )
      SELECT j.id, j.name, last.last_at, last.least, coalesce(last.kinds, 0) AS kinds,
             (SELECT string_agg(n.body, ',' ORDER BY n.id) FROM note n WHERE n.job = j.id) AS notes
      FROM job j LEFT JOIN last ON last.job = j.id
      """;

  static final String GROUPS_QUERY =
      """
      SELECT job, status, min(at) AS first_at, max(amount) AS most, json_agg(id ORDER BY id) AS ids
      FROM item WHERE NOT hidden GROUP BY job, status
      """;

  static final KeyedLimits LIMITS = new KeyedLimits(Duration.ofMillis(300), 10, 50, 1L << 20);

  private static final String ITEM =
      "id bigint, job bigint, status text DEFAULT 'a', amount numeric(12, 2),"
          + " at timestamptz NOT NULL DEFAULT '2025-11-22T12:00:00Z',"
          + " hidden boolean NOT NULL DEFAULT false, PRIMARY KEY (id)";

  private static final int CONNECTIONS = 12;
  private static final Map<PostgresVersion, Yard> YARDS = new ConcurrentHashMap<>();

  private final String url;
  private final Database database;
  private final Keyed keyed;

  private Yard(String url) {
    this.url = url;
    this.database = Database.open(new Database.Address(url, null, null, CONNECTIONS));
    this.keyed = new Keyed(database.jdbi(), LIMITS);
  }

  /** With tables and both views. */
  static Yard of(PostgresVersion version) {
    Yard yard = withoutViews(version);
    yard.createAll();
    return yard;
  }

  /** One database serves all tests of a version; all that they make lies in one schema. */
  static Yard withoutViews(PostgresVersion version) {
    return emptied(version).withItems();
  }

  /** The same in a database of one's own. */
  static Yard withoutViews(String url) {
    return emptied(at(url)).withItems();
  }

  private Yard withItems() {
    run("CREATE TABLE item (" + ITEM + ")");
    run("CREATE INDEX ON item (job, status)");
    return this;
  }

  static Yard partitioned(PostgresVersion version) {
    Yard yard = emptied(version);
    yard.run("CREATE TABLE item (" + ITEM + ") PARTITION BY RANGE (id)");
    yard.run("CREATE INDEX ON item (job, status)");
    yard.run("CREATE TABLE item_1 PARTITION OF item FOR VALUES FROM (0) TO (1000)");
    yard.run("CREATE TABLE item_2 PARTITION OF item FOR VALUES FROM (1000) TO (2000)");
    yard.createAll();
    return yard;
  }

  private static Yard emptied(PostgresVersion version) {
    return emptied(YARDS.computeIfAbsent(version, made -> at(made.migratedUrl())));
  }

  private static Yard at(String url) {
    return new Yard(url + (url.contains("?") ? "&" : "?") + "currentSchema=play,public");
  }

  private static Yard emptied(Yard yard) {
    yard.run("DROP SCHEMA IF EXISTS play CASCADE");
    yard.run("DELETE FROM public.keyed_view");
    yard.run("CREATE SCHEMA play");
    yard.run("CREATE TABLE job (id bigint PRIMARY KEY, name text)");
    yard.run("CREATE TABLE note (id int PRIMARY KEY, job int, body text)");
    yard.run("CREATE INDEX ON note (job)");
    return yard;
  }

  /** The same with other connections: those of before are broken when the server has crashed. */
  Yard reopened() {
    close();
    return new Yard(url);
  }

  void close() {
    database.close();
  }

  void createAll() {
    keyed.create(JOBS, query(JOBS_QUERY), List.of());
    keyed.create(GROUPS, query(GROUPS_QUERY), List.of());
  }

  static ViewQuery.Valid query(String sql) {
    return (ViewQuery.Valid) ViewQuery.parse(sql);
  }

  void fill() {
    run("INSERT INTO job SELECT g, 'job ' || g FROM generate_series(1, 9) g");
    run(
        "INSERT INTO item (id, job, status, amount, hidden)"
            + " SELECT g, nullif(g % 10, 0), nullif(substr('abcd', 1 + g % 4, 1), 'd'), g % 7,"
            + " g % 11 = 0 FROM generate_series(1, 300) g");
    run("INSERT INTO note SELECT g, g % 12, 'n' || g FROM generate_series(1, 30) g");
  }

  Keyed keyed() {
    return keyed;
  }

  Jdbi jdbi() {
    return database.jdbi();
  }

  String url() {
    return url;
  }

  Connection connection() {
    try {
      return database.dataSource().getConnection();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
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

  /** In one snapshot: rows that the query has and the view has not, and back. */
  long differences() {
    return differences(JOBS_QUERY, JOBS) + differences(GROUPS_QUERY, GROUPS);
  }

  long differences(String query, ViewName view) {
    String sql =
        "WITH q AS MATERIALIZED (SELECT CAST(ROW(x.*) AS text) AS r FROM ("
            + query
            + ") x), v AS MATERIALIZED (SELECT CAST(ROW(x.*) AS text) AS r FROM "
            + view
            + " x) SELECT count(*)::text FROM ((SELECT r FROM q EXCEPT ALL SELECT r FROM v)"
            + " UNION ALL (SELECT r FROM v EXCEPT ALL SELECT r FROM q)) AS differing";
    return Long.parseLong(lines(sql).getFirst());
  }

  /** Works all off; what is left is nothing. */
  void workOff() {
    for (ViewName view : List.of(JOBS, GROUPS)) {
      Worked worked = keyed.work(view);
      while (worked.full() || worked.busy()) {
        worked = keyed.work(view);
      }
    }
  }

  /** Equal before in all but the recorded keys, and in all once they are worked off. */
  void assertKept() {
    assertThat(audited()).isZero();
    workOff();
    assertThat(differences()).isZero();
    assertThat(audited()).isZero();
    for (ViewName view : List.of(JOBS, GROUPS)) {
      assertThat(keyed.state(view).pending()).isZero();
    }
  }

  long audited() {
    return keyed.audit(JOBS).mismatches() + keyed.audit(GROUPS).mismatches();
  }

  boolean isExact() {
    return keyed.state(JOBS).exact() && keyed.state(GROUPS).exact();
  }
}
