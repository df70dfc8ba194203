package dev.carillon.refresh.record;

import dev.carillon.postgres.Statements;
import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.RefreshRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/** How fresh records are: the table {@code refresh_record}, within the caller's transaction. */
public final class Records {

  static final Statements SQL = Statements.beside(Records.class, "records.sql");

  private Records() {}

  /** What is known of records; without those that were never fetched. */
  public static Map<RecordKey, RecordState> states(Handle handle, Collection<RecordKey> keys) {
    if (keys.isEmpty()) {
      return Map.of();
    }
    Query query = handle.createQuery(SQL.get("states"));
    Rows.bindKeys(query, List.copyOf(keys));
    Map<RecordKey, RecordState> states = new HashMap<>();
    query.map((row, _) -> state(row)).forEach(state -> states.put(state.key(), state));
    return states;
  }

  /**
   * Writes what was fetched. What is older than what is written changes nothing.
   *
   * @param fetched each record once; one that has not changed has no {@code changedAt}
   */
  public static void write(Handle handle, Collection<RecordState> fetched) {
    if (fetched.isEmpty()) {
      return;
    }
    Update update = handle.createUpdate(SQL.get("write"));
    Rows.bindKeys(update, fetched.stream().map(RecordState::key).toList());
    Rows.bind(update, "fetched_at", fetched, RecordState::fetchedAt);
    Rows.bind(update, "fresh_until", fetched, RecordState::freshUntil);
    Rows.bind(update, "look_at", fetched, RecordState::lookAt);
    Rows.bind(update, "changed_at", fetched, RecordState::changedAt);
    Rows.bind(update, "reason", fetched, RecordState::missing);
    update.execute();
  }

  /**
   * The looks of a source's records that have come and were not queued, the earliest first. A look
   * is urgent: what it is to see may be gone soon.
   */
  public static List<RefreshRequest> dueLooks(Handle handle, String source, Instant now, int most) {
    return handle
        .createQuery(SQL.get("due_looks"))
        .bind("source", source)
        .bind("now", now)
        .bind("most", most)
        .map((row, _) ->
            new RefreshRequest(Rows.key(row), Priority.CRITICAL, Rows.instant(row, "look_at")))
        .list();
  }

  /** Notes that looks were queued, unless the record was fetched meanwhile and has a later one. */
  public static void looksQueued(Handle handle, List<RefreshRequest> looks, Instant now) {
    Update update = handle.createUpdate(SQL.get("mark_looks_queued")).bind("now", now);
    Rows.bindKeys(update, looks.stream().map(RefreshRequest::key).toList());
    update.execute();
  }

  private static RecordState state(ResultSet row) throws SQLException {
    return new RecordState(
        Rows.key(row),
        Rows.instant(row, "fetched_at"),
        Rows.instant(row, "fresh_until"),
        Rows.instantOrNull(row, "look_at"),
        Rows.instantOrNull(row, "changed_at"),
        row.getString("reason"));
  }
}
