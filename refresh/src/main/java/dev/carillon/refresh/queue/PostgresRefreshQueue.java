package dev.carillon.refresh.queue;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Statements;
import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.RefreshRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jspecify.annotations.Nullable;

/**
 * A queue in the table {@code refresh_request}. Takers do not wait for each other. Adding, taking
 * and ending cost the same however long the queue is; {@link #state} counts what waits, in an
 * index: about a fifth of a second for a million.
 */
public final class PostgresRefreshQueue implements RefreshQueue {

  static final Statements SQL = Statements.beside(PostgresRefreshQueue.class, "queue.sql");

  private final Jdbi jdbi;

  /** The queue of a database that has been migrated. */
  public PostgresRefreshQueue(Jdbi jdbi) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
  }

  @Override
  public Added add(List<RefreshRequest> requests) {
    List<Wanted> wanted = Wanted.of(requests);
    if (wanted.isEmpty()) {
      return new Added(0, 0, 0);
    }
    return byIndex(handle ->
        handle
            .createQuery(SQL.get("add"))
            .bindArray("source", String.class, column(wanted, one -> one.key().source()))
            .bindArray("type", String.class, column(wanted, one -> one.key().type()))
            .bindArray("tag", String.class, column(wanted, one -> one.key().tag()))
            .bindArray("priority", Integer.class, column(wanted, one -> one.priority().number()))
            .bindArray(
                "requested_at", String.class, column(wanted, one -> one.requestedAt().toString()))
            .bindArray("deadline", String.class, column(wanted, one -> one.deadline().toString()))
            .bindArray("place", Integer.class, column(wanted, Wanted::place))
            .map((row, _) -> added(row, requests.size()))
            .one());
  }

  @Override
  public List<Taken> take(String source, int most, Instant now) {
    return byIndex(handle ->
        handle
            .createQuery(SQL.get("take"))
            .bind("source", source)
            .bind("most", Math.clamp(most, 0, MAX_BATCH))
            .bind("lease", UUID.randomUUID())
            .bind("until", now.plus(LEASE))
            .map((row, _) -> taken(row))
            .list());
  }

  @Override
  public void done(List<Taken> taken) {
    end(
        taken,
        (handle, sorted, hasAgain) -> {
          if (hasAgain) {
            bindTaken(handle.createUpdate(SQL.get("queue_again")), sorted).execute();
          }
          bindTaken(handle.createUpdate(SQL.get("delete_taken")), sorted).execute();
        });
  }

  @Override
  public void giveBack(List<Taken> taken) {
    end(
        taken,
        (handle, sorted, _) ->
            bindTaken(handle.createUpdate(SQL.get("give_back")), sorted).execute());
  }

  @Override
  public int reclaim(String source, Instant now) {
    int all = 0;
    int batch;
    do {
      batch = byIndex(handle -> reclaimBatch(handle, source, now));
      all += batch;
    } while (batch == MAX_BATCH);
    return all;
  }

  @Override
  public State state(String source, Instant now) {
    return byIndex(handle -> {
      State waiting =
          handle
              .createQuery(SQL.get("waiting"))
              .bind("source", source)
              .map((row, _) -> waiting(row, now))
              .one();
      return handle
          .createQuery(SQL.get("not_waiting"))
          .bind("source", source)
          .map((row, _) ->
              new State(
                  now,
                  waiting.waiting(),
                  waiting.oldest(),
                  row.getLong("in_hand"),
                  row.getLong("dead")))
          .one();
    });
  }

  @Override
  public List<Dead> dead(String source, int most) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("dead"))
            .bind("source", source)
            .bind("most", Math.clamp(most, 0, MAX_BATCH))
            .map((row, _) ->
                new Dead(row.getString("item"), row.getString("reason"), instant(row, "at")))
            .list());
  }

  @Override
  public @Nullable String trouble() {
    try {
      jdbi.useHandle(handle -> handle.createQuery(SQL.get("answers")).mapTo(Integer.class).one());
      return null;
    } catch (JdbiException e) {
      String state = e.getCause() instanceof SQLException cause ? cause.getSQLState() : null;
      return state == null
          ? "PostgreSQL does not answer"
          : "PostgreSQL does not answer (SQLSTATE %s)".formatted(state);
    }
  }

  private static Added added(ResultSet row, int requests) throws SQLException {
    int queued = row.getInt("queued");
    int changed = row.getInt("changed");
    return new Added(queued, changed - queued, requests - changed);
  }

  private static Taken taken(ResultSet row) throws SQLException {
    RecordKey key =
        new RecordKey(row.getString("source"), row.getString("type"), row.getString("tag"));
    Priority priority = Priority.of(row.getInt("priority"));
    return new Taken(
        new RefreshRequest(key, priority, instant(row, "requested_at")),
        row.getInt("takes"),
        row.getObject("lease", UUID.class));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static State waiting(ResultSet row, Instant now) throws SQLException {
    Map<Priority, Long> waiting = new EnumMap<>(Priority.class);
    Map<Priority, Instant> oldest = new EnumMap<>(Priority.class);
    for (Priority priority : Priority.values()) {
      long count = row.getLong("waiting_" + priority.number());
      if (count > 0) {
        waiting.put(priority, count);
        oldest.put(priority, instant(row, "oldest_" + priority.number()));
      }
    }
    return new State(now, waiting, oldest, 0, 0);
  }

  /** What is done with rows that are locked. */
  @FunctionalInterface
  private interface Ending {
    void of(Handle handle, List<Taken> sorted, boolean hasAgain);
  }

  private void end(List<Taken> taken, Ending ending) {
    if (taken.isEmpty()) {
      return;
    }
    List<Taken> sorted = Wanted.sorted(taken);
    byIndex(handle -> {
      boolean hasAgain =
          bindTaken(handle.createQuery(SQL.get("lock_taken")), sorted).mapTo(Boolean.class).one();
      ending.of(handle, sorted, hasAgain);
      return taken.size();
    });
  }

  private <T> T byIndex(HandleCallback<T, RuntimeException> work) {
    return jdbi.inTransaction(handle -> {
      handle.createQuery(SQL.get("by_index")).mapToMap().one();
      return work.withHandle(handle);
    });
  }

  private static <S extends SqlStatement<S>> S bindTaken(S statement, List<Taken> taken) {
    return statement
        .bindArray("source", String.class, column(taken, one -> one.request().key().source()))
        .bindArray("type", String.class, column(taken, one -> one.request().key().type()))
        .bindArray("tag", String.class, column(taken, one -> one.request().key().tag()))
        .bindArray("lease", UUID.class, column(taken, Taken::lease));
  }

  private static int reclaimBatch(Handle handle, String source, Instant now) {
    Reclaiming reclaiming = new Reclaiming(handle, source, UUID.randomUUID(), now);
    int late = reclaiming.run("reclaim");
    if (late > 0) {
      if (reclaiming.run("bury") > 0) {
        reclaiming.run("queue_dead_again");
        reclaiming.run("delete_dead");
        reclaiming.run("trim_dead");
      }
      reclaiming.run("wait_again");
    }
    return late;
  }

  /** Statements about what is late, which is leased to the one who reclaims. */
  private record Reclaiming(Handle handle, String source, UUID lease, Instant now) {

    int run(String statement) {
      return handle
          .createUpdate(SQL.get(statement))
          .configure(SqlStatements.class, config -> config.setUnusedBindingAllowed(true))
          .bind("source", source)
          .bind("lease", lease)
          .bind("now", now)
          .bind("limit", MAX_BATCH)
          .bind("most", MOST_TAKES)
          .bind("reason", Dead.NOT_FINISHED)
          .bind("keep", MOST_DEAD)
          .execute();
    }
  }

  private static <T> @Nullable Object[] column(
      List<T> rows, Function<T, ? extends @Nullable Object> value) {
    return rows.stream().map(value).toArray();
  }
}
