package dev.carillon.refresh.pace;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Tempos in the table {@code refresh_tempo}, by PostgreSQL's clock. A change is one short
 * transaction that locks the source's row.
 */
public final class PostgresTempoStore implements TempoStore {

  /** How long a change waits for another one: much longer than one takes. */
  public static final Duration LOCK_TIMEOUT = Duration.ofSeconds(2);

  /** How long a process may keep a tempo locked without doing anything: all others wait for it. */
  public static final Duration IDLE_TIMEOUT = Duration.ofSeconds(2);

  static final Statements SQL = Statements.beside(PostgresTempoStore.class, "tempo.sql");

  private final Jdbi jdbi;

  /** The tempos of a database that has been migrated. */
  public PostgresTempoStore(Jdbi jdbi) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
  }

  @Override
  public Changed change(String source, double limit, Change change) {
    return jdbi.inTransaction(handle -> {
      handle
          .createQuery(SQL.get("relax"))
          .bind("lock_ms", LOCK_TIMEOUT.toMillis())
          .bind("idle_ms", IDLE_TIMEOUT.toMillis())
          .mapToMap()
          .one();
      Tempo before = lock(handle, source).orElseGet(() -> start(handle, source, limit));
      StoreClock clock = clock(handle);
      Tempo after = change.of(before, clock.now());
      if (!after.equals(before)) {
        write(handle, source, after);
      }
      return new Changed(before, after, clock);
    });
  }

  @Override
  public Seen read(String source, double limit) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("read"))
            .bind("source", source)
            .map((row, _) -> seen(row, limit))
            .one());
  }

  private static Seen seen(ResultSet row, double limit) throws SQLException {
    Instant now = row.getObject("now", OffsetDateTime.class).toInstant();
    boolean isThere = row.getObject("next_at") != null;
    return new Seen(isThere ? tempo(row) : Tempo.start(limit, now), now);
  }

  private static Tempo start(Handle handle, String source, double limit) {
    handle
        .createUpdate(SQL.get("start"))
        .bind("source", source)
        .bind("limit", limit)
        .bind("rate", Tempo.MAX_LIMIT)
        .execute();
    return lock(handle, source).orElseThrow();
  }

  private static Optional<Tempo> lock(Handle handle, String source) {
    return handle
        .createQuery(SQL.get("lock"))
        .bind("source", source)
        .map((row, _) -> tempo(row))
        .findOne();
  }

  /** Its own statement, after the lock: the round trip is short, and no wait is in it. */
  private static StoreClock clock(Handle handle) {
    long asked = System.nanoTime();
    Instant now = handle.createQuery(SQL.get("time")).mapTo(Instant.class).one();
    return StoreClock.read(now, asked, System.nanoTime());
  }

  private static void write(Handle handle, String source, Tempo tempo) {
    handle
        .createUpdate(SQL.get("write"))
        .bind("source", source)
        .bind("limit", tempo.limit())
        .bind("rate", tempo.rate())
        .bind("slowed_at", tempo.slowedAt())
        .bind("next_at", tempo.nextAt())
        .bind("pushed_us", TimeUnit.NANOSECONDS.toMicros(tempo.pushed().toNanos()))
        .bind("paused_until", tempo.pausedUntil())
        .bind("pause_reason", tempo.pauseReason())
        .execute();
  }

  private static Tempo tempo(ResultSet row) throws SQLException {
    return new Tempo(
        row.getDouble("call_limit"),
        row.getDouble("rate"),
        row.getObject("slowed_at", OffsetDateTime.class).toInstant(),
        row.getObject("next_at", OffsetDateTime.class).toInstant(),
        Duration.of(row.getLong("pushed_us"), ChronoUnit.MICROS),
        optional(row.getObject("paused_until", OffsetDateTime.class)),
        row.getString("pause_reason"));
  }

  private static @Nullable Instant optional(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
