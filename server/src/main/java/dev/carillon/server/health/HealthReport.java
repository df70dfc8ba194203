package dev.carillon.server.health;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the process is.
 *
 * @param status {@code healthy}; {@code degraded} if events are late; {@code unhealthy} if the
 *     database cannot be reached
 * @param timestamp when that was so
 * @param database the database
 * @param tzdata the time zone databases
 * @param events what is overdue
 */
@JsonNaming(SnakeCaseStrategy.class)
public record HealthReport(
    String status,
    Instant timestamp,
    DatabaseHealth database,
    TimeZoneHealth tzdata,
    EventHealth events) {

  /** The database cannot be reached. */
  public static final String UNHEALTHY = "unhealthy";

  /** Events are late. */
  public static final String DEGRADED = "degraded";

  /** All is well. */
  public static final String HEALTHY = "healthy";

  /** Whether the database answers, and its version if it does. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record DatabaseHealth(String status, @Nullable String version) {}

  /** The releases that JVM and PostgreSQL carry, and a warning where their rules differ. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record TimeZoneHealth(String jvm, @Nullable String postgres, @Nullable String warning) {}

  /**
   * By how many seconds the oldest due event is late, null if nobody knows; and whether there is a
   * receiver to deliver to.
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record EventHealth(@Nullable Double oldestDueLagSeconds, boolean delivering) {}

  public HealthReport {
    requireNonNull(status, "status is null");
    requireNonNull(timestamp, "timestamp is null");
    requireNonNull(database, "database is null");
    requireNonNull(tzdata, "tzdata is null");
    requireNonNull(events, "events is null");
  }
}
