package dev.carillon.server.health;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.server.refresh.RefreshState;
import dev.carillon.server.view.ViewHealth;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * How the process is.
 *
 * @param status {@code healthy}; {@code degraded} if events or schedules are late; {@code
 *     unhealthy} if the database, or the queue of refresh requests, cannot be reached
 * @param queueSize how many refresh requests wait; null if nobody knows
 * @param timestamp when that was so, in seconds since 1970
 * @param database the database
 * @param tzdata the time zone databases
 * @param events what is overdue
 * @param endpoints which are in trouble; null if nobody knows
 * @param schedules what is overdue to be planned; null if nobody knows
 * @param calendars which are in trouble; null if nobody knows
 * @param refresh how refreshing is; null if no source is set
 * @param views which are in trouble; null if nobody knows
 */
@JsonNaming(SnakeCaseStrategy.class)
public record HealthReport(
    String status,
    @Nullable Long queueSize,
    BigDecimal timestamp,
    DatabaseHealth database,
    TimeZoneHealth tzdata,
    EventHealth events,
    @Nullable EndpointHealth endpoints,
    @Nullable ScheduleHealth schedules,
    @Nullable CalendarHealth calendars,
    @Nullable RefreshState refresh,
    @Nullable ViewHealth views) {

  /** The database, or the queue of refresh requests, cannot be reached. */
  public static final String UNHEALTHY = "unhealthy";

  /** Events or schedules are late. */
  public static final String DEGRADED = "degraded";

  /** All is well. */
  public static final String HEALTHY = "healthy";

  /** Whether the database answers, and its version if it does. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record DatabaseHealth(String status, @Nullable String version) {}

  /**
   * The releases that JVM and PostgreSQL carry, and a warning where their rules differ.
   *
   * @param moved how many pending events, and next firings of schedules, this process moved since
   *     rules changed
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record TimeZoneHealth(
      String jvm, @Nullable String postgres, @Nullable String warning, long moved) {}

  /**
   * What of the events is known; nothing if the database does not answer.
   *
   * @param oldestDueLagSeconds by how much the oldest due event is late
   * @param held how many wait for an endpoint; {@link #MOST_HELD} if there are more
   * @param delivering whether there is an endpoint that takes what nobody chose another for
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record EventHealth(
      @Nullable Double oldestDueLagSeconds, @Nullable Integer held, @Nullable Boolean delivering) {

    /** The most held events that are counted. */
    public static final int MOST_HELD = 10_000;
  }

  /**
   * The endpoints in trouble.
   *
   * @param failing how many failed at least four times in a row
   * @param disabled how many nothing is sent to
   */
  public record EndpointHealth(int failing, int disabled) {}

  /**
   * The schedules.
   *
   * @param oldestDueLagSeconds by how much the planning of the oldest due one is late
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record ScheduleHealth(double oldestDueLagSeconds) {}

  /**
   * The calendars in trouble.
   *
   * @param failing how many could not be fetched the last time, and keep the dates they had
   */
  public record CalendarHealth(int failing) {}

  public HealthReport {
    requireNonNull(status, "status is null");
    requireNonNull(timestamp, "timestamp is null");
    requireNonNull(database, "database is null");
    requireNonNull(tzdata, "tzdata is null");
    requireNonNull(events, "events is null");
  }
}
