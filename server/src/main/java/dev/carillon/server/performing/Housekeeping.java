package dev.carillon.server.performing;

import static java.util.Objects.requireNonNull;

import dev.carillon.birthday.Users;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.DatabaseClock;
import dev.carillon.postgres.HistoryPartitions;
import dev.carillon.schedule.planning.ScheduleRederivation;
import dev.carillon.schedule.target.SqlRuns;
import dev.carillon.server.calendar.CalendarRefresh;
import dev.carillon.webhook.endpoint.Endpoints;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneRulesProvider;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is looked after now and then, by every process: any of them may fail, and the next round
 * makes up for it.
 */
public final class Housekeeping implements AutoCloseable {

  /** How often the clock is compared with the database's. */
  public static final Duration CLOCK_EVERY = Duration.ofSeconds(30);

  /** How often events without an endpoint are looked after while some of them find one. */
  public static final Duration UNADDRESSED_EVERY = Duration.ofSeconds(1);

  /** How often expired keys and events without an endpoint are looked after. */
  public static final Duration ENDPOINTS_EVERY = Duration.ofMinutes(1);

  /** How often partitions, time zones and missing events are looked after. */
  public static final Duration UPKEEP_EVERY = Duration.ofHours(1);

  /** How long a stop waits for a round that has begun. */
  public static final Duration PATIENCE = Duration.ofSeconds(5);

  /** How often calendars are fetched that are due. */
  public static final Duration CALENDARS_EVERY = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

  private final Parts parts;
  private final AtomicLong moved = new AtomicLong();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("carillon-housekeeping").factory());
  // Others' servers take their time: nothing else waits for them.
  private final ScheduledExecutorService fetching =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("carillon-calendars").factory());

  /** What is looked after; {@code calendars} is closed with it. */
  record Parts(
      Database database,
      DatabaseClock clock,
      HistoryPartitions partitions,
      ScheduleRederivation rederivation,
      Users users,
      Deliveries deliveries,
      Endpoints endpoints,
      CalendarRefresh calendars) {}

  /** Looks after these. */
  Housekeeping(Parts parts) {
    this.parts = requireNonNull(parts, "parts is null");
  }

  /** Begins at once, on a thread of its own. */
  void start() {
    every(CLOCK_EVERY, "synchronize the clock", parts.clock()::synchronize);
    every(ENDPOINTS_EVERY, "look after endpoints", this::lookAfterEndpoints);
    every(
        UNADDRESSED_EVERY,
        "look for endpoints",
        () -> parts.deliveries().releaseUnaddressed(false));
    every(UPKEEP_EVERY, "maintain the history", parts.partitions()::maintain);
    every(UPKEEP_EVERY, "derive events again", this::rederive);
    every(UPKEEP_EVERY, "plan missing events", this::planMissing);
    every(UPKEEP_EVERY, "forget old runs of schedules", this::forgetRuns);
    every(fetching, CALENDARS_EVERY, "fetch calendars", this::fetchCalendars);
  }

  /**
   * How many events, and next firings of schedules, were moved since this process started:
   * governments changed their clocks.
   */
  public long moved() {
    return moved.get();
  }

  /** What keeps calendars as their sources have them. */
  CalendarRefresh calendars() {
    return parts.calendars();
  }

  @Override
  public void close() {
    timer.shutdownNow();
    fetching.shutdownNow();
    parts.calendars().close();
    try {
      if (!timer.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)
          || !fetching.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("the housekeeping does not end: it is left behind");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void every(Duration period, String what, Runnable work) {
    every(timer, period, what, work);
  }

  private static void every(
      ScheduledExecutorService timer, Duration period, String what, Runnable work) {
    var _ =
        timer.scheduleWithFixedDelay(
            () -> attempt(what, work), 0, period.toSeconds(), TimeUnit.SECONDS);
  }

  private static void attempt(String what, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.warn("cannot {} now; the next round will: {}", what, String.valueOf(e.getMessage()));
    }
  }

  private void rederive() {
    List<ZoneId> zones =
        ZoneRulesProvider.getAvailableZoneIds().stream().sorted().map(ZoneId::of).toList();
    moved.addAndGet(parts.rederivation().events().run(zones));
    moved.addAndGet(parts.rederivation().run());
  }

  private void forgetRuns() {
    Instant before = parts.clock().instant().minus(SqlRuns.KEPT_FOR);
    int forgotten;
    do {
      forgotten = parts.database().jdbi().withHandle(handle -> SqlRuns.forget(handle, before));
    } while (forgotten == SqlRuns.MAX_FORGOTTEN);
  }

  private void lookAfterEndpoints() {
    parts.endpoints().expireKeys(parts.clock().instant());
    parts.deliveries().releaseUnaddressed(true);
  }

  private void fetchCalendars() {
    try {
      parts.calendars().refreshDue();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void planMissing() {
    int planned = parts.users().planMissing();
    if (planned > 0) {
      LOG.info("planned {} events that users lacked", planned);
    }
  }
}
