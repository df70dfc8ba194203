package dev.carillon.schedule;

import dev.carillon.postgres.Statements;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The table of firings that were not run, within the caller's transaction. */
public final class Misses {

  /** The most misses of one page, and of one {@link #forget}. */
  public static final int MAX_PAGE = 1_000;

  private static final Statements SQL = Statements.beside(Misses.class, "schedules.sql");

  private Misses() {}

  /** Notes misses; what is noted already stays as it is. */
  public static void note(Handle handle, List<Miss> misses) {
    if (misses.isEmpty()) {
      return;
    }
    handle
        .createUpdate(SQL.get("note_misses"))
        .bindArray("id", UUID.class, column(misses, Miss::schedule))
        .bindArray("nominal_at", String.class, column(misses, miss -> miss.nominalAt().toString()))
        .bindArray(
            "nominal_local", String.class, column(misses, miss -> miss.nominalLocal().toString()))
        .bindArray("reason", String.class, column(misses, Miss::reason))
        .bindArray("count", Long.class, column(misses, Miss::count))
        .bindArray("noted_at", String.class, column(misses, miss -> miss.notedAt().toString()))
        .execute();
  }

  /**
   * A page of a schedule's misses, the latest nominal time first.
   *
   * @param before the last nominal time of the page before; null for the first page
   * @param limit from 1 to {@link #MAX_PAGE}, or one more, which says whether another page follows
   */
  public static List<Miss> list(Handle handle, UUID schedule, @Nullable Instant before, int limit) {
    return handle
        .createQuery(SQL.get("misses"))
        .bind("id", schedule)
        .bind("before", before)
        .bind("limit", Math.clamp(limit, 1, MAX_PAGE + 1))
        .map((row, _) -> ScheduleRows.miss(row))
        .list();
  }

  /** How many firings of a schedule were not run, as far as it is remembered. */
  public static long count(Handle handle, UUID schedule) {
    return handle.createQuery(SQL.get("missed")).bind("id", schedule).mapTo(Long.class).one();
  }

  /**
   * Forgets misses that were noted long ago, at most {@link #MAX_PAGE} of them.
   *
   * @return how many; to be called until it is fewer than that
   */
  public static int forget(Handle handle, Instant before) {
    return handle
        .createUpdate(SQL.get("forget_misses"))
        .bind("before", before)
        .bind("limit", MAX_PAGE)
        .execute();
  }

  private static @Nullable Object[] column(
      List<Miss> misses, Function<Miss, ? extends @Nullable Object> value) {
    return misses.stream().map(value).toArray();
  }
}
