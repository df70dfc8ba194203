package dev.carillon.view.registry;

import static java.util.stream.Collectors.joining;

import dev.carillon.view.ViewName;
import dev.carillon.view.capture.CaptureBusy;
import dev.carillon.view.capture.Patiently;
import dev.carillon.view.capture.RawSql;
import dev.carillon.view.definition.ViewQuery;
import dev.carillon.view.keeper.Keeper;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Whether a new view shows what its query shows, whatever was made of the query to keep it: an
 * audit compares only what was made of it with itself. Costs one run of the query, for as long as
 * it takes.
 */
record Comparison(Jdbi jdbi) {

  /**
   * How often it is compared before a difference counts: a TRUNCATE that ends in between is seen at
   * once by the query, but not by the view of the same snapshot.
   */
  static final int TRIES = 3;

  /** How long one try waits for a table that somebody locks. */
  static final Duration LOCK_TIMEOUT = Duration.ofSeconds(2);

  /** How often the server looks whether the client is still there. */
  static final Duration CLIENT_CHECK = Duration.ofSeconds(10);

  /** How often these locks are tried for. */
  static final int LOCK_TRIES = 5;

  /**
   * How many rows the view has that its query has not, or lacks.
   *
   * @throws CaptureBusy if a table was locked for too long
   * @throws RuntimeException if the query fails on its data
   */
  long differences(Keeper keeper, ViewName view, ViewQuery.Valid query) {
    long found = look(keeper, view, query);
    for (int tries = 1; found > 0 && tries < TRIES; tries++) {
      var _ = keeper.coverage(view);
      found = look(keeper, view, query);
    }
    return found;
  }

  private long look(Keeper keeper, ViewName view, ViewQuery.Valid query) {
    return switch (keeper.tier()) {
      case LEDGER, FULL -> compare(view, query);
      // Its query is run just as it was written, and touched keys wait: the audit leaves them out.
      case KEYED -> keeper.audit(view).mismatches();
    };
  }

  private long compare(ViewName view, ViewQuery.Valid query) {
    return new Patiently(jdbi, LOCK_TIMEOUT, LOCK_TRIES)
        .transaction(
            "comparing " + view,
            handle -> {
              RawSql.execute(handle, Relation.SQL.get("one_snapshot"));
              takeTime(handle);
              return compare(handle, view, query);
            });
  }

  /** The pool's own limit comes back with the connection. */
  private static void takeTime(Handle handle) {
    try {
      handle.getConnection().setNetworkTimeout(Runnable::run, 0);
    } catch (SQLException e) {
      throw new ConnectionException(e);
    }
    handle
        .createQuery(Relation.SQL.get("unhurried"))
        .bind("check_millis", CLIENT_CHECK.toMillis())
        .mapTo(String.class)
        .one();
  }

  private static long compare(Handle handle, ViewName view, ViewQuery.Valid query) {
    String name = Relation.quoted(view.text());
    List<Boolean> comparable =
        handle
            .createQuery(Relation.SQL.get("comparable"))
            .bind("quoted", name)
            .mapTo(Boolean.class)
            .list();
    String sql =
        Relation.SQL
            .get("differences")
            .replace("<compared>", columns(comparable, "CAST(c%d AS text)"))
            .replace("<numbered>", columns(comparable, "c%d"))
            .replace("<name>", name)
            .replace("<query>", query.text());
    return Long.parseLong(RawSql.lines(handle, sql).getFirst());
  }

  private static String columns(List<Boolean> comparable, String other) {
    return IntStream.range(0, comparable.size())
        .mapToObj(i -> (comparable.get(i) ? "c%d" : other).formatted(i + 1))
        .collect(joining(", "));
  }
}
