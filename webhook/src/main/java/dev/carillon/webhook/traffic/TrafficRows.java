package dev.carillon.webhook.traffic;

import dev.carillon.postgres.EventRows;
import dev.carillon.webhook.endpoint.Traffic;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The traffic's rows as values, and as arrays of columns for bulk statements. */
final class TrafficRows {

  private static final double MILLIS = 1000;

  private TrafficRows() {}

  /**
   * An endpoint with its state and its shares.
   *
   * @param ownPermits what this process told the others that it has; null if nothing
   * @param ownStarving whether it told them that it wants more
   */
  record Read(
      UUID id,
      String name,
      long revision,
      Traffic traffic,
      boolean disabled,
      Breaker breaker,
      @Nullable Instant nextSlot,
      Allotment.Others others,
      @Nullable Integer ownPermits,
      boolean ownStarving) {}

  /** An endpoint's state. */
  record State(UUID id, Breaker breaker, @Nullable Instant nextSlot) {}

  /** A process's share of an endpoint. */
  record Share(UUID id, int permits, boolean starving) {}

  static Read read(ResultSet row) throws SQLException {
    double rate = row.getDouble("rate_per_second");
    Traffic.Rate limit = row.wasNull() ? null : new Traffic.Rate(rate, row.getInt("rate_burst"));
    return new Read(
        row.getObject("endpoint_id", UUID.class),
        row.getString("name"),
        row.getLong("revision"),
        new Traffic(row.getInt("concurrency"), limit),
        row.getString("disabled_at") != null,
        breaker(row),
        EventRows.instantOrNull(row, "next_slot"),
        new Allotment.Others(
            row.getInt("others_permits"),
            row.getInt("sharing"),
            row.getInt("others_starving"),
            row.getInt("starving_permits"),
            row.getInt("starving_before")),
        row.getObject("own_permits", Integer.class),
        row.getBoolean("own_starving"));
  }

  static Breaker breaker(ResultSet row) throws SQLException {
    return new Breaker(
        row.getInt("failures"),
        EventRows.instantOrNull(row, "failing_since"),
        row.getString("cause"),
        EventRows.instantOrNull(row, "open_until"),
        row.getInt("openings"));
  }

  static void write(Handle handle, String sql, List<State> states) {
    handle
        .createUpdate(sql)
        .bindArray("id", UUID.class, column(states, State::id))
        .bindArray("failures", Integer.class, column(states, s -> s.breaker().failures()))
        .bindArray(
            "failing_since", String.class, column(states, s -> text(s.breaker().failingSince())))
        .bindArray("cause", String.class, column(states, s -> s.breaker().cause()))
        .bindArray("open_until", String.class, column(states, s -> text(s.breaker().openUntil())))
        .bindArray("openings", Integer.class, column(states, s -> s.breaker().openings()))
        .bindArray("next_slot", String.class, column(states, s -> text(s.nextSlot())))
        .execute();
  }

  static void share(Handle handle, String sql, UUID process, List<Share> shares) {
    handle
        .createUpdate(sql)
        .bind("process", process)
        .bind("lease", TrafficControl.SHARE_LEASE.toMillis() / MILLIS)
        .bindArray("id", UUID.class, column(shares, Share::id))
        .bindArray("permits", Integer.class, column(shares, Share::permits))
        .bindArray("starving", Boolean.class, column(shares, Share::starving))
        .execute();
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  private static <T> @Nullable Object[] column(
      List<T> rows, Function<T, ? extends @Nullable Object> value) {
    return rows.stream().map(value).toArray();
  }
}
