package dev.carillon.refresh.drain;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells how far a drain is, and in the end what it did. */
final class Reporting {

  /** How often it tells. */
  static final Duration EVERY = Duration.ofSeconds(1);

  /** How often the queue is counted, which is not free when it is long. */
  static final Duration COUNT_EVERY = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(Reporting.class);
  private static final double NANOS_PER_SECOND = 1e9;

  private final Drain.Parts parts;
  private final Tally tally;
  private final Timing timing;
  private final Consumer<Progress> listener;
  private volatile @Nullable String pause;
  private @Nullable Long remaining;
  private @Nullable Long countedAt;
  private long toldAt = System.nanoTime();
  private long toldCalls;

  Reporting(Drain.Parts parts, Tally tally, Timing timing, Consumer<Progress> listener) {
    this.parts = parts;
    this.tally = tally;
    this.timing = timing;
    this.listener = listener;
  }

  /** Notes why no calls are made at present; null if they are. */
  void pause(@Nullable String reason) {
    pause = reason;
  }

  /** Tells how far it is if it is time to; for one thread. */
  void tick() {
    long now = System.nanoTime();
    if (now - toldAt < EVERY.toNanos()) {
      return;
    }
    if (countedAt == null || now - countedAt >= COUNT_EVERY.toNanos()) {
      countedAt = now;
      remaining = count();
    }
    long calls = tally.calls.sum();
    double rate = (calls - toldCalls) * NANOS_PER_SECOND / (now - toldAt);
    toldAt = now;
    toldCalls = calls;
    try {
      listener.accept(
          new Progress(
              tally.processed(),
              tally.failures(),
              tally.dropped.sum(),
              remaining,
              rate,
              timing.running(),
              pause));
    } catch (RuntimeException e) {
      LOG.warn("the listener of a drain fails", e);
    }
  }

  DrainReport report(Ended ended, @Nullable String detail, int unwritten) {
    return report(ended, detail, unwritten, count());
  }

  /** The report of a drain that could not even begin: who does not answer is not asked again. */
  DrainReport unavailable(String detail) {
    return report(Ended.UNAVAILABLE, detail, 0, null);
  }

  private DrainReport report(
      Ended ended, @Nullable String detail, int unwritten, @Nullable Long left) {
    return new DrainReport(
        parts.source().name(),
        tally.changed.sum(),
        tally.unchanged.sum(),
        tally.missing.sum(),
        tally.failed(),
        tally.dropped.sum(),
        tally.givenBack.sum(),
        unwritten,
        tally.calls.sum(),
        timing.callsPerSecond(tally.calls.sum()),
        Duration.ofNanos(tally.pausedNanos.sum()),
        timing.running(),
        ended,
        detail,
        left);
  }

  private @Nullable Long count() {
    try {
      return parts.queue().state(parts.source().name(), parts.clock().instant()).size();
    } catch (RuntimeException _) {
      return null;
    }
  }
}
