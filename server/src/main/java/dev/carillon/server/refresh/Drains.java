package dev.carillon.server.refresh;

import static java.util.Objects.requireNonNull;

import dev.carillon.refresh.drain.Drain;
import dev.carillon.refresh.drain.DrainLimits;
import dev.carillon.refresh.drain.DrainReport;
import dev.carillon.refresh.drain.Progress;
import dev.carillon.refresh.drain.Stop;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The drains of this process, and what they did so far. Safe for use by many threads. */
public final class Drains implements AutoCloseable {

  /** How long a stop waits for a drain to end. */
  static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final Logger LOG = LoggerFactory.getLogger(Drains.class);

  /**
   * A drain that runs in this process.
   *
   * @param startedAt since when
   * @param progress how far it is; null in its first second
   */
  public record Underway(Instant startedAt, @Nullable Progress progress) {
    public Underway {
      requireNonNull(startedAt, "startedAt is null");
    }
  }

  private final Drain drain;
  private final InstantSource clock;
  private final Stop stop = new Stop();
  private final Set<One> underway = ConcurrentHashMap.newKeySet();
  private final LongAdder processed = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private @Nullable Thread background;
  private boolean again;

  /** Runs this drain, as often and as many times at once as it is wanted. */
  Drains(Drain drain, InstantSource clock) {
    this.drain = requireNonNull(drain, "drain is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /** Drains on the calling thread. */
  DrainReport run(DrainLimits limits) {
    One one = new One(clock.instant());
    underway.add(one);
    try {
      DrainReport report = drain.run(limits, stop, one::hear);
      one.count(report.processed(), report.failures());
      return report;
    } finally {
      underway.remove(one);
    }
  }

  /**
   * Drains on a thread of its own. One that was started so before and still runs is followed by
   * another: it may have looked at the queue for the last time.
   *
   * @return whether it began now
   */
  synchronized boolean start() {
    if (background != null) {
      again = true;
      return false;
    }
    background = Thread.ofVirtual().name("refresh-drain").start(this::runWhileWanted);
    return true;
  }

  /** The drains that run now, the oldest first. */
  List<Underway> underway() {
    return underway.stream()
        .map(one -> new Underway(one.startedAt, one.progress))
        .sorted(Comparator.comparing(Underway::startedAt))
        .toList();
  }

  /** The requests that were done since this process started; those that failed too. */
  long processed() {
    return processed.sum();
  }

  /** The requests that failed for good since this process started. */
  long failed() {
    return failed.sum();
  }

  /** The calls in the last second; 0 while nothing is drained here. */
  double callsPerSecond() {
    return underway.stream()
        .map(one -> one.progress)
        .mapToDouble(progress -> progress == null ? 0 : progress.callsPerSecond())
        .sum();
  }

  /** Asks all drains to end: what is in hand is finished. Those that begin later end at once. */
  void stop() {
    stop.ask();
  }

  /** Asks all drains to end, and waits for those that nobody else waits for. */
  @Override
  public void close() {
    stop();
    Thread thread;
    synchronized (this) {
      thread = background;
    }
    try {
      if (thread != null && !thread.join(PATIENCE)) {
        LOG.warn("a drain does not end: what it has in hand comes back when its leases end");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void runWhileWanted() {
    boolean more = true;
    while (more) {
      try {
        run(DrainLimits.DEFAULT);
      } catch (RuntimeException e) {
        LOG.error("a drain ended", e);
      } finally {
        more = isWantedAgain();
      }
    }
  }

  private synchronized boolean isWantedAgain() {
    boolean more = again && !stop.isAsked();
    again = false;
    if (!more) {
      background = null;
    }
    return more;
  }

  /** What is known of one drain; one thread tells it, many ask. */
  private final class One {
    private final Instant startedAt;
    private volatile @Nullable Progress progress;
    private long countedProcessed;
    private long countedFailed;

    One(Instant startedAt) {
      this.startedAt = startedAt;
    }

    void hear(Progress now) {
      progress = now;
      count(now.processed(), now.failed());
    }

    synchronized void count(long allProcessed, long allFailed) {
      processed.add(allProcessed - countedProcessed);
      failed.add(allFailed - countedFailed);
      countedProcessed = allProcessed;
      countedFailed = allFailed;
    }
  }
}
