package dev.carillon.server.view;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Database;
import dev.carillon.server.job.JobFeed;
import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import dev.carillon.view.catalog.RefreshLog;
import dev.carillon.view.catalog.RegisteredView;
import dev.carillon.view.full.FullRefresh;
import dev.carillon.view.full.RefreshLimits;
import dev.carillon.view.job.JobReads;
import dev.carillon.view.keyed.Keyed;
import dev.carillon.view.ledger.Ledger;
import dev.carillon.view.registry.RowReader;
import dev.carillon.view.registry.Standing;
import dev.carillon.view.registry.Views;
import dev.carillon.view.upkeep.Round;
import dev.carillon.view.upkeep.Tending;
import dev.carillon.view.upkeep.Upkeep;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The views, as this process serves and looks after them. Safe for use by many threads. */
public final class Viewing implements AutoCloseable {

  /**
   * Connections of the refreshes', the upkeep's and the watch's own: a refresh holds one for as
   * long as it takes, and must not cost callers theirs.
   */
  static final int POOL_SIZE = 6;

  private final Jdbi jdbi;
  private final Database pool;
  private final Views views;
  private final Views others;
  private final Upkeep upkeep;
  private final ViewWatch watch;
  private final JobFeed feed;
  private final ViewMetrics metrics;
  private final InstantSource clock;
  private final Set<ViewName> scheduled = new HashSet<>();
  private volatile Consumer<RegisteredView> schedules = _ -> {};

  /**
   * The views of a database; nothing is looked at before the start.
   *
   * @param clock the database's clock
   */
  public Viewing(Database database, InstantSource clock, MeterRegistry registry) {
    this.clock = requireNonNull(clock, "clock is null");
    this.jdbi = database.jdbi();
    this.pool = database.another(POOL_SIZE);
    RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
    FullRefresh full = new FullRefresh(pool.jdbi(), RefreshLimits.DEFAULT, random);
    Tending tending = tending(pool.jdbi(), random);
    Round round = new Round(pool.jdbi(), tending, full);
    this.views = new Views(pool.jdbi(), tending, full);
    this.others = new Views(jdbi, tending(jdbi, random), full);
    this.upkeep = new Upkeep(round, clock);
    this.watch = new ViewWatch(views::list, this::saw);
    this.feed = new JobFeed(new JobReads(pool.jdbi()));
    this.metrics = new ViewMetrics(registry, round);
  }

  /**
   * Begins to look after the views.
   *
   * @param schedule makes the schedule of a view that is refreshed whole; called once for each, on
   *     the watch's thread
   */
  public void start(Consumer<RegisteredView> schedule) {
    schedules = schedule;
    watch.start();
    upkeep.start();
    feed.start();
  }

  /** What looks at the jobs that somebody watches. */
  public JobFeed feed() {
    return feed;
  }

  /** How the views are together; null if nobody knows. */
  public @Nullable ViewHealth health() {
    List<Standing> seen = watch.seen();
    return seen == null ? null : ViewHealth.of(seen);
  }

  /** The views, for what takes its time: on connections that callers' reads do not need. */
  Views views() {
    return views;
  }

  /** The views, for what answers soon. */
  Views reads() {
    return others;
  }

  /** Reads rows. */
  RowReader rows() {
    return new RowReader(jdbi);
  }

  /** What the refreshes of the last 24 hours came to, by view. */
  Map<ViewName, RefreshCounts> counts() {
    return RefreshCounts.read(jdbi);
  }

  /** A page of a view's refreshes, the latest first. */
  List<RefreshLog.Entry> history(ViewName name, @Nullable Long before, int limit) {
    return jdbi.withHandle(handle -> RefreshLog.history(handle, name, before, limit));
  }

  /** The database's time. */
  Instant now() {
    return clock.instant();
  }

  /** Ends what would go on for as long as callers like. */
  public void stop() {
    feed.close();
    upkeep.close();
  }

  @Override
  public void close() {
    stop();
    watch.close();
    pool.close();
  }

  private static Tending tending(Jdbi jdbi, RandomGenerator random) {
    return new Tending(jdbi, List.of(new Ledger(jdbi), new Keyed(jdbi)), random);
  }

  /** On the watch's thread. */
  private void saw(List<Standing> seen) {
    metrics.tell(seen);
    scheduled.retainAll(seen.stream().map(one -> one.view().name()).toList());
    for (Standing one : seen) {
      if (one.view().tier() == Tier.FULL && !scheduled.contains(one.view().name())) {
        schedules.accept(one.view());
        scheduled.add(one.view().name());
      }
    }
  }
}
