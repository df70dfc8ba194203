package dev.carillon.webhook.traffic;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The traffic's rows as arrays of columns for bulk statements. */
final class TrafficRows {

  private static final double MILLIS = 1000;

  private TrafficRows() {}

  /** An endpoint's state. */
  record State(UUID id, Breaker breaker, @Nullable Instant nextSlot) {}

  /** A process's share of an endpoint. */
  record Share(UUID id, int permits, boolean starving) {}

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
