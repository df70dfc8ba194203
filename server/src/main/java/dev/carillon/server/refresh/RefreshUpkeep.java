package dev.carillon.server.refresh;

import static java.util.Objects.requireNonNull;

import dev.carillon.refresh.drain.DrainAlarm;
import dev.carillon.refresh.drain.DrainLog;
import dev.carillon.refresh.queue.RefreshQueue;
import dev.carillon.refresh.record.Failures;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what waits now and then, for whoever asks often, watches the drains, and forgets failures
 * and drains that are old. Safe for use by many threads.
 */
final class RefreshUpkeep implements AutoCloseable {

  /** How often what waits is counted at most. */
  static final Duration COUNT_EVERY = Duration.ofSeconds(1);

  /** How often it is counted at least, however many there are. */
  static final Duration COUNT_WITHIN = Duration.ofMinutes(1);

  /** How much longer than a count the rest after it is: a million are a fifth of a second. */
  static final int REST = 50;

  /** How often what is old is forgotten. */
  static final Duration FORGET_EVERY = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(RefreshUpkeep.class);

  private final String source;
  private final RefreshQueue queue;
  private final @Nullable Inbox inbox;
  private final Failures failures;
  private final DrainLog drains;
  private final RefreshWatch watch;
  private final InstantSource clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("carillon-refresh-upkeep").factory());
  private volatile RefreshQueue.@Nullable State latest;
  private volatile Inbox.Seen latestInbox = Inbox.Seen.NOTHING;
  private long restsUntil = System.nanoTime();
  private boolean isCountable = true;

  /**
   * The upkeep of a source.
   *
   * @param inbox what others fill; null if there is none
   */
  RefreshUpkeep(
      String source, RefreshQueue queue, @Nullable Inbox inbox, Jdbi jdbi, InstantSource clock) {
    this.source = requireNonNull(source, "source is null");
    this.queue = requireNonNull(queue, "queue is null");
    this.inbox = inbox;
    this.failures = new Failures(jdbi);
    this.drains = new DrainLog(jdbi);
    this.watch = new RefreshWatch(source, jdbi, clock);
    this.clock = requireNonNull(clock, "clock is null");
  }

  void start() {
    var _ =
        timer.scheduleWithFixedDelay(
            this::countUnlessResting, 0, COUNT_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    var _ =
        timer.scheduleWithFixedDelay(
            this::watch, 0, RefreshWatch.EVERY.toSeconds(), TimeUnit.SECONDS);
    var _ =
        timer.scheduleWithFixedDelay(this::forget, 0, FORGET_EVERY.toSeconds(), TimeUnit.SECONDS);
  }

  /**
   * What waited when it was counted last. Counts if nobody knows.
   *
   * @throws RuntimeException if nobody knows and the queue does not answer
   */
  RefreshQueue.State counted() {
    RefreshQueue.State known = latest;
    return known == null ? count() : known;
  }

  /** What was seen of the inbox when the queue was counted last. */
  Inbox.Seen inbox() {
    return latestInbox;
  }

  /** Looks into the inbox now. */
  Inbox.Seen lookedInto() {
    return inbox == null ? Inbox.Seen.NOTHING : inbox.seen();
  }

  /** How many items waited in the inbox; not a number if nobody knows, or there is none. */
  double inboxSize() {
    Long size = latestInbox.size();
    return size == null ? Double.NaN : size;
  }

  /** How many requests waited when they were counted last; not a number if nobody knows. */
  double size() {
    RefreshQueue.State known = latest;
    return known == null ? Double.NaN : known.size();
  }

  /** The alarms of the drains. */
  Set<DrainAlarm> alarms() {
    return watch.alarms();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private void countUnlessResting() {
    long start = System.nanoTime();
    if (start - restsUntil < 0) {
      return;
    }
    try {
      count();
      isCountable = true;
      long end = System.nanoTime();
      restsUntil = end + Math.min(REST * (end - start), COUNT_WITHIN.toNanos());
    } catch (RuntimeException e) {
      if (isCountable) {
        LOG.warn("the queue of {} cannot be counted: {}", source, e.getClass().getSimpleName());
      }
      isCountable = false;
    }
  }

  private RefreshQueue.State count() {
    try {
      RefreshQueue.State counted = queue.state(source, clock.instant());
      latestInbox = lookedInto();
      latest = counted;
      return counted;
    } catch (RuntimeException e) {
      latest = null;
      latestInbox = Inbox.Seen.NOTHING;
      throw e;
    }
  }

  private void watch() {
    RefreshQueue.State known = latest;
    Long inInbox = latestInbox.size();
    watch.look(known == null ? null : known.size() + (inInbox == null ? 0 : inInbox));
  }

  private void forget() {
    try {
      Instant now = clock.instant();
      int forgotten = failures.forget(now) + drains.forget(now);
      LOG.debug("{} old failures and drains of {} are forgotten", forgotten, source);
    } catch (RuntimeException e) {
      LOG.warn("what is old cannot be forgotten now; the next round will: {}", e.toString());
    }
  }
}
