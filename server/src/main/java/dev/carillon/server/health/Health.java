package dev.carillon.server.health;

import dev.carillon.postgres.Database;
import dev.carillon.postgres.EventOperations;
import dev.carillon.postgres.Statements;
import dev.carillon.server.health.HealthReport.CalendarHealth;
import dev.carillon.server.health.HealthReport.DatabaseHealth;
import dev.carillon.server.health.HealthReport.EndpointHealth;
import dev.carillon.server.health.HealthReport.EventHealth;
import dev.carillon.server.health.HealthReport.ScheduleHealth;
import dev.carillon.server.health.HealthReport.TimeZoneHealth;
import dev.carillon.server.health.PostgresTimeZones.Comparison;
import dev.carillon.server.refresh.RefreshState;
import dev.carillon.server.refresh.Refreshing;
import dev.carillon.server.view.Viewing;
import dev.carillon.time.TimeZones;
import dev.carillon.webhook.endpoint.Endpoint;
import dev.carillon.webhook.traffic.Breaker;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the process. However often it is asked, the database is asked at most once a {@link
 * #CACHED_FOR}. Safe for use by many threads.
 */
public final class Health implements AutoCloseable {

  /** How long a report is good. */
  public static final Duration CACHED_FOR = Duration.ofSeconds(1);

  /** How long the database may take to answer before it counts as unreachable. */
  public static final Duration PATIENCE = Duration.ofSeconds(2);

  /** How late the oldest due event or schedule may be before the process counts as degraded. */
  public static final Duration TOLERATED_LAG = Duration.ofMinutes(1);

  /** How long a comparison of time zone rules is good. */
  public static final Duration ZONES_CACHED_FOR = Duration.ofHours(1);

  private static final int MILLIS_SCALE = 3;

  private static final Logger LOG = LoggerFactory.getLogger(Health.class);
  private static final Statements SQL = Statements.beside(Health.class, "health.sql");

  private record Vitals(
      String version,
      Duration lag,
      int held,
      boolean delivering,
      EndpointHealth endpoints,
      ScheduleHealth schedules,
      CalendarHealth calendars) {}

  private final Database database;
  private final InstantSource clock;
  private final LongSupplier moved;
  private final Refreshing refreshing;
  private final Viewing viewing;
  private final TimeZones jvm = TimeZones.ofJvm();
  private final PostgresTimeZones postgresZones;
  private final ExecutorService checks = Executors.newVirtualThreadPerTaskExecutor();
  private @Nullable HealthReport latest;
  private Instant examinedAt = Instant.EPOCH;
  private volatile @Nullable Comparison comparison;
  private Instant comparedAt = Instant.EPOCH;

  /**
   * Looks after a process that uses this database.
   *
   * @param moved how many events and schedules moved since governments changed their clocks
   * @param refreshing what refreshes upstream records
   * @param viewing what watches the views
   */
  public Health(
      Database database,
      InstantSource clock,
      LongSupplier moved,
      Refreshing refreshing,
      Viewing viewing) {
    this.database = database;
    this.clock = clock;
    this.moved = moved;
    this.refreshing = refreshing;
    this.viewing = viewing;
    this.postgresZones = new PostgresTimeZones(database, jvm);
  }

  /** How the process is now. PostgreSQL's time zones are known a moment after the first report. */
  public synchronized HealthReport report() {
    Instant now = clock.instant();
    compareZones(now);
    HealthReport known = latest;
    if (known == null || examinedAt.plus(CACHED_FOR).isBefore(now)) {
      known = examine(now);
      latest = known;
      // Its end, not its beginning: in an outage an examination takes longer than a report is good,
      // and all who waited for this one would begin another, one after the other.
      examinedAt = clock.instant();
    }
    return known;
  }

  @Override
  public void close() {
    checks.shutdownNow();
  }

  private HealthReport examine(Instant now) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Future<Vitals> vitals = checks.submit(() -> vitals(now));
    Future<Optional<RefreshState>> refresh = checks.submit(refreshing::state);
    Vitals known = inTime(vitals, deadline, "the database").orElse(null);
    RefreshState state =
        refreshing
            .source()
            .map(source ->
                inTime(refresh, deadline, "the queue of refresh requests")
                    .flatMap(answer -> answer)
                    .orElseGet(() -> RefreshState.silent(source, "the queue does not answer"))
                    .forAnybody())
            .orElse(null);
    return report(now, known, state);
  }

  private static <T> Optional<T> inTime(Future<T> answer, long deadline, String what) {
    try {
      long left = Math.max(0, deadline - System.nanoTime());
      return Optional.of(answer.get(left, TimeUnit.NANOSECONDS));
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("{} does not answer: {}", what, String.valueOf(e.getMessage()));
      answer.cancel(true);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  private HealthReport report(
      Instant now, @Nullable Vitals vitals, @Nullable RefreshState refresh) {
    return new HealthReport(
        status(vitals, refresh),
        refresh == null ? Long.valueOf(0) : refresh.queueSize(),
        BigDecimal.valueOf(now.toEpochMilli(), MILLIS_SCALE),
        vitals == null
            ? new DatabaseHealth("unreachable", null)
            : new DatabaseHealth("reachable", vitals.version()),
        zones(),
        vitals == null
            ? new EventHealth(null, null, null)
            : new EventHealth(vitals.lag().toMillis() / 1e3, vitals.held(), vitals.delivering()),
        vitals == null ? null : vitals.endpoints(),
        vitals == null ? null : vitals.schedules(),
        vitals == null ? null : vitals.calendars(),
        refresh,
        vitals == null ? null : viewing.health());
  }

  private static String status(@Nullable Vitals vitals, @Nullable RefreshState refresh) {
    if (vitals == null || (refresh != null && !refresh.answers())) {
      return HealthReport.UNHEALTHY;
    }
    boolean late =
        vitals.lag().compareTo(TOLERATED_LAG) > 0
            || vitals.schedules().oldestDueLagSeconds() > TOLERATED_LAG.toSeconds();
    boolean inboxIsRefused = refresh != null && refresh.inboxTrouble() != null;
    return late || inboxIsRefused ? HealthReport.DEGRADED : HealthReport.HEALTHY;
  }

  private Vitals vitals(Instant now) {
    String version =
        database
            .jdbi()
            .withHandle(
                handle -> handle.createQuery(SQL.get("server_version")).mapTo(String.class).one());
    Duration lag = new EventOperations(database.jdbi()).lag(now);
    return database
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery(SQL.get("vitals"))
                .bind("now", now)
                .bind("failing", Breaker.ALERTS_AT)
                .bind("most", EventHealth.MOST_HELD)
                .bind("default", Endpoint.DEFAULT_NAME)
                .map((row, _) ->
                    new Vitals(
                        version,
                        lag,
                        row.getInt("held"),
                        row.getBoolean("delivering"),
                        new EndpointHealth(row.getInt("failing"), row.getInt("disabled")),
                        new ScheduleHealth(row.getDouble("unplanned")),
                        new CalendarHealth(row.getInt("calendars_failing"))))
                .one());
  }

  private TimeZoneHealth zones() {
    Comparison known = comparison;
    return known == null
        ? new TimeZoneHealth(jvm.version(), null, null, moved.getAsLong())
        : new TimeZoneHealth(jvm.version(), known.release(), known.warning(), moved.getAsLong());
  }

  /** Beside the report: PostgreSQL reads all its zone files for it, which takes a second. */
  private void compareZones(Instant now) {
    if (comparedAt.plus(ZONES_CACHED_FOR).isAfter(now)) {
      return;
    }
    comparedAt = now;
    var _ =
        checks.submit(() -> {
          try {
            comparison = postgresZones.compare(now);
          } catch (RuntimeException e) {
            LOG.warn("cannot compare time zone rules: {}", String.valueOf(e.getMessage()));
          }
        });
  }
}
