package dev.carillon.refresh.record;

import static java.util.Objects.requireNonNull;

import dev.carillon.refresh.queue.RefreshQueue;
import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RefreshRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Update;

/**
 * The calls that failed: what a drain's dead letters are. Nothing is called again by itself;
 * somebody may redrive it. Safe for use by many threads.
 */
public final class Failures {

  /** How long a failure is kept. */
  public static final Duration KEPT = Duration.ofDays(30);

  /** The most failures of one call. */
  public static final int MAX_PAGE = 1_000;

  /** The most that are counted: beyond, there are at least as many. */
  public static final int MOST_COUNTED = 10_000;

  /** Before this the newest page begins. */
  public static final long NEWEST = Long.MAX_VALUE;

  private final Jdbi jdbi;

  /** The failures of a database that has been migrated. */
  public Failures(Jdbi jdbi) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
  }

  /** Notes failures within the caller's transaction. */
  public static void note(Handle handle, List<Failure.Noted> failures, Instant now) {
    if (failures.isEmpty()) {
      return;
    }
    Update update = handle.createUpdate(Records.SQL.get("note_failures")).bind("failed_at", now);
    Rows.bindKeys(update, failures.stream().map(Failure.Noted::key).toList());
    Rows.bind(update, "priority", failures, Failure.Noted::priority);
    Rows.bind(update, "reason", failures, Failure.Noted::reason);
    update.execute();
  }

  /**
   * The failures of a source that were not redriven, the newest first.
   *
   * @param before the last page's last number, or {@link #NEWEST}
   * @param most at most {@link #MAX_PAGE}
   */
  public List<Failure> page(String source, long before, int most) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(Records.SQL.get("failures"))
            .bind("source", source)
            .bind("before", before)
            .bind("most", Math.clamp(most, 0, MAX_PAGE))
            .map((row, _) -> failure(row))
            .list());
  }

  /**
   * Queues failed calls again, at the place of a request that comes now. Those that were redriven
   * before are left out.
   *
   * @param ids at most {@link #MAX_PAGE}
   * @return how many were queued, or found waiting
   */
  public int redrive(List<Long> ids, RefreshQueue queue, Instant now) {
    if (ids.size() > MAX_PAGE) {
      throw new IllegalArgumentException(
          "at most %d failures are redriven at once, not %d".formatted(MAX_PAGE, ids.size()));
    }
    List<Failure> open = open(ids);
    // Queued before they are marked: a crash between makes one request of two, and loses none.
    queue.add(
        open.stream()
            .map(failure -> new RefreshRequest(failure.key(), failure.priority(), now))
            .toList());
    jdbi.useHandle(handle ->
        handle
            .createUpdate(Records.SQL.get("mark_redriven"))
            .bind("now", now)
            .bindArray("ids", Long.class, open.stream().map(Failure::id).toArray())
            .execute());
    return open.size();
  }

  /** How many calls failed since a time, redriven or not; at most {@link #MOST_COUNTED}. */
  public int countSince(String source, Instant since) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(Records.SQL.get("count_failures"))
            .bind("source", source)
            .bind("since", since)
            .bind("most", MOST_COUNTED)
            .mapTo(Integer.class)
            .one());
  }

  /**
   * Forgets what is older than {@link #KEPT}, some at a time.
   *
   * @return how many
   */
  public int forget(Instant now) {
    int all = 0;
    int batch;
    do {
      batch =
          jdbi.withHandle(handle ->
              handle
                  .createUpdate(Records.SQL.get("forget_failures"))
                  .bind("before", now.minus(KEPT))
                  .bind("most", MAX_PAGE)
                  .execute());
      all += batch;
    } while (batch == MAX_PAGE);
    return all;
  }

  private List<Failure> open(List<Long> ids) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(Records.SQL.get("failures_of"))
            .bindArray("ids", Long.class, ids.toArray())
            .map((row, _) -> failure(row))
            .list());
  }

  private static Failure failure(ResultSet row) throws SQLException {
    return new Failure(
        row.getLong("id"),
        Rows.key(row),
        Priority.valueOf(row.getString("priority")),
        row.getString("reason"),
        Rows.instant(row, "failed_at"));
  }
}
