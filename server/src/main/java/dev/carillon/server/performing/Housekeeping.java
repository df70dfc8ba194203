package dev.carillon.server.performing;

import dev.carillon.birthday.Users;
import dev.carillon.engine.Rederivation;
import dev.carillon.postgres.DatabaseClock;
import dev.carillon.postgres.HistoryPartitions;
import dev.carillon.webhook.endpoint.Endpoints;
import java.time.Duration;
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

  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

  private final DatabaseClock clock;
  private final HistoryPartitions partitions;
  private final Rederivation rederivation;
  private final Users users;
  private final Deliveries deliveries;
  private final Endpoints endpoints;
  private final AtomicLong moved = new AtomicLong();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("carillon-housekeeping").factory());

  /** Looks after these. */
  public Housekeeping(
      DatabaseClock clock,
      HistoryPartitions partitions,
      Rederivation rederivation,
      Users users,
      Deliveries deliveries,
      Endpoints endpoints) {
    this.deliveries = deliveries;
    this.endpoints = endpoints;
    this.clock = clock;
    this.partitions = partitions;
    this.rederivation = rederivation;
    this.users = users;
  }

  /** Begins at once, on a thread of its own. */
  void start() {
    every(CLOCK_EVERY, "synchronize the clock", clock::synchronize);
    every(ENDPOINTS_EVERY, "look after endpoints", this::lookAfterEndpoints);
    every(UNADDRESSED_EVERY, "look for endpoints", () -> deliveries.releaseUnaddressed(false));
    every(UPKEEP_EVERY, "maintain the history", partitions::maintain);
    every(UPKEEP_EVERY, "derive events again", this::rederive);
    every(UPKEEP_EVERY, "plan missing events", this::planMissing);
  }

  /** How many events were moved since this process started: governments changed their clocks. */
  public long moved() {
    return moved.get();
  }

  @Override
  public void close() {
    timer.shutdownNow();
    try {
      if (!timer.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("the housekeeping does not end: it is left behind");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void every(Duration period, String what, Runnable work) {
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
    moved.addAndGet(rederivation.run(zones));
  }

  private void lookAfterEndpoints() {
    endpoints.expireKeys(clock.instant());
    deliveries.releaseUnaddressed(true);
  }

  private void planMissing() {
    int planned = users.planMissing();
    if (planned > 0) {
      LOG.info("planned {} events that users lacked", planned);
    }
  }
}
