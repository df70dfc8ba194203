package dev.carillon.bench.schedules;

import dev.carillon.postgres.Statements;
import dev.carillon.time.TimeZones;
import java.time.Duration;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/**
 * Schedules of one rate, in UTC, with the default policies.
 *
 * @param count how many
 * @param period of each, in whole seconds
 * @param spread the time over which their first firings are evenly spread
 */
public record BenchSchedules(int count, Duration period, Duration spread) {

  /** The kind of target that they have. */
  public static final String KIND = "bench";

  private static final Statements SQL = Statements.beside(BenchSchedules.class, "schedules.sql");

  /** Writes them; the first one fires at once, or a part of the spread after {@code from}. */
  public void load(Handle handle, Instant from) {
    long seconds = period.toSeconds();
    String unit = seconds == 1 ? "second" : "seconds";
    try (var update = handle.createUpdate(SQL.get("load"))) {
      update
          .bind("expression", "rate(%d %s)".formatted(seconds, unit))
          .bind("kind", KIND)
          .bind("count", count)
          .bind("from", from)
          .bind("to", from.plus(spread))
          .bind("tzdb_version", TimeZones.ofJvm().version())
          .execute();
    }
  }
}
