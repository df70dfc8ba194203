package dev.carillon.server.refresh;

import dev.carillon.postgres.Database;
import dev.carillon.refresh.clash.ClashSettings;
import dev.carillon.refresh.clash.ClashSource;
import dev.carillon.refresh.drain.Drain;
import dev.carillon.refresh.drain.DrainLimits;
import dev.carillon.refresh.drain.DrainReport;
import dev.carillon.refresh.drain.Intake;
import dev.carillon.refresh.drain.RefreshHealth;
import dev.carillon.refresh.drain.Refreshes;
import dev.carillon.refresh.queue.RedisInbox;
import dev.carillon.refresh.queue.RedisRefreshQueue;
import dev.carillon.refresh.queue.RefreshQueue;
import dev.carillon.refresh.record.Failures;
import dev.carillon.refresh.source.Source;
import dev.carillon.server.settings.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;

/**
 * The refreshing of this process: its source, if one is set, where its requests are, and its
 * drains. Safe for use by many threads.
 */
public final class Refreshing implements AutoCloseable {

  /** What is said where a source is needed and none is set. */
  public static final String NO_SOURCE =
      "no source is set: COC_KEYS is needed, or COC_EMAIL and COC_PASSWORD";

  /** Connections of the drains' own: a busy API must not cost them their slots. */
  static final int POOL_SIZE = 4;

  private final @Nullable Working working;

  /**
   * What there is if a source is set.
   *
   * @param source who is called
   * @param queue where its requests are
   * @param refreshes what others ask
   * @param failures the calls that failed
   * @param drains what runs here
   * @param upkeep counts what waits, and forgets what is old
   * @param pool the drains' own connections
   * @param redis where the queue is; null if in the database
   * @param drainRedis the drains' own connections there
   */
  record Working(
      Source source,
      RefreshQueue queue,
      Refreshes refreshes,
      Failures failures,
      Drains drains,
      RefreshUpkeep upkeep,
      Database pool,
      @Nullable UnifiedJedis redis,
      @Nullable UnifiedJedis drainRedis) {}

  private Refreshing(@Nullable Working working) {
    this.working = working;
  }

  /** The refreshing that the settings want; it calls nobody yet. */
  public static Refreshing of(
      Settings.Refresh settings, Database database, InstantSource clock, MeterRegistry registry) {
    ClashSettings clash = settings.clash();
    if (clash == null) {
      return new Refreshing(null);
    }
    Working working = working(settings, new ClashSource(clash, clock), database, clock);
    new RefreshMetrics(working.drains(), working.upkeep()).register(registry);
    return new Refreshing(working);
  }

  private static Working working(
      Settings.Refresh settings, Source source, Database database, InstantSource clock) {
    UnifiedJedis redis = settings.redis() == null ? null : settings.redis().open();
    UnifiedJedis drainRedis = settings.redis() == null ? null : settings.redis().open();
    Database pool = database.another(POOL_SIZE);
    String prefix = RedisRefreshQueue.DEFAULT_PREFIX;
    RefreshStores forDrains = RefreshStores.of(drainRedis, prefix, pool.jdbi());
    RefreshStores forOthers = RefreshStores.of(redis, prefix, database.jdbi());
    Refreshes refreshes =
        new Refreshes(
            List.of(source),
            ClashSource.URGENCY,
            forOthers.queue(),
            forOthers.tempos(),
            database.jdbi(),
            clock);
    Inbox inbox = drainRedis == null ? null : inbox(drainRedis, settings.inbox(), refreshes);
    Drain.Parts parts =
        new Drain.Parts(
            source,
            forDrains.queue(),
            forDrains.tempos(),
            pool.jdbi(),
            clock,
            inbox == null ? Intake.NONE : inbox);
    return new Working(
        source,
        forOthers.queue(),
        refreshes,
        new Failures(database.jdbi()),
        new Drains(new Drain(parts), clock),
        new RefreshUpkeep(source.name(), forDrains.queue(), inbox, pool.jdbi(), clock),
        pool,
        redis,
        drainRedis);
  }

  private static Inbox inbox(UnifiedJedis redis, String list, Refreshes refreshes) {
    RedisRefreshQueue queue = new RedisRefreshQueue(redis, RedisRefreshQueue.DEFAULT_PREFIX);
    return new Inbox(new RedisInbox(redis, queue, list, refreshes), list);
  }

  /** Begins to look after what waits and what is old. */
  public void start() {
    if (working != null) {
      working.upkeep().start();
    }
  }

  /** The name of the source; empty if none is set. */
  public Optional<String> source() {
    return Optional.ofNullable(working).map(now -> now.source().name());
  }

  /**
   * How the refreshing is; empty if no source is set. It costs the same however many requests wait:
   * they were counted a moment ago. May take as long as a store's time-out.
   */
  public Optional<RefreshState> state() {
    return Optional.ofNullable(working)
        .map(now ->
            state(
                now,
                now.refreshes().health(now.source().name(), () -> now.upkeep().counted()),
                now.upkeep().inbox()));
  }

  /** Drains on the calling thread; empty if no source is set. */
  Optional<DrainReport> drain(DrainLimits limits) {
    return Optional.ofNullable(working).map(now -> now.drains().run(limits));
  }

  /** What there is; empty if no source is set. */
  Optional<Working> working() {
    return Optional.ofNullable(working);
  }

  /** How the refreshing is, with the requests counted now. */
  static RefreshState counted(Working now) {
    return state(now, now.refreshes().health(now.source().name()), now.upkeep().lookedInto());
  }

  private static RefreshState state(Working now, RefreshHealth health, Inbox.Seen inbox) {
    return RefreshState.of(health, inbox, now.drains().underway(), now.upkeep().alarms());
  }

  /** Asks all drains to end: calls in hand are finished, the rest stays in the queue. */
  public void stop() {
    if (working != null) {
      working.drains().stop();
    }
  }

  @Override
  public void close() {
    if (working == null) {
      return;
    }
    try (UnifiedJedis _ = working.redis();
        UnifiedJedis _ = working.drainRedis();
        Database _ = working.pool();
        Source _ = working.source();
        RefreshUpkeep _ = working.upkeep()) {
      working.drains().close();
    }
  }
}
