package dev.carillon.engine;

import static java.util.Objects.requireNonNull;

import dev.carillon.retry.RetryPolicy;
import dev.carillon.store.EventStore;
import java.time.Duration;

/**
 * The engine's limits.
 *
 * @param processName tells people which process holds a claim, such as host and process number
 * @param claimBatch how many events one claim takes at most while the engine keeps up; while more
 *     is due than it took the last time, it takes up to ten batches at once
 * @param concurrency how many events are claimed and not yet settled at most
 * @param pollInterval how long the engine sleeps at most before it looks for due events; what is
 *     nearer is waited for to the millisecond, so this bounds only how late an event may be that
 *     another process planned meanwhile
 * @param gathering the shortest time between the beginnings of two exchanges with the store, unless
 *     there is a whole batch for it: what ends and what falls due meanwhile goes into one; an event
 *     that comes alone waits for nothing
 * @param lease how long a process is believed alive without a renewal; a crashed one's events are
 *     recovered after at most this and a quarter of it
 * @param attemptTimeout when a target that does not return is interrupted, unless it brings a limit
 *     of its own
 * @param retry when failed attempts are made again
 */
public record EngineConfig(
    String processName,
    int claimBatch,
    int concurrency,
    Duration pollInterval,
    Duration gathering,
    Duration lease,
    Duration attemptTimeout,
    RetryPolicy retry) {

  /** The shortest lease: below it a garbage collection pause would cost a process its work. */
  public static final Duration MIN_LEASE = Duration.ofSeconds(1);

  public EngineConfig {
    requireNonNull(processName, "processName is null");
    requireNonNull(retry, "retry is null");
    if (claimBatch < 1 || claimBatch > EventStore.MAX_BATCH) {
      throw new IllegalArgumentException(
          "claimBatch must be from 1 to %d, not %d".formatted(EventStore.MAX_BATCH, claimBatch));
    }
    if (concurrency < 1) {
      throw new IllegalArgumentException("concurrency must be at least 1, not " + concurrency);
    }
    requirePositive(pollInterval, "pollInterval");
    requirePositive(gathering, "gathering");
    requirePositive(attemptTimeout, "attemptTimeout");
    if (lease.compareTo(MIN_LEASE) < 0) {
      throw new IllegalArgumentException(
          "lease must be at least %s, not %s".formatted(MIN_LEASE, lease));
    }
  }

  /**
   * Sound limits for a process of this name: batches of 100, 2,000 at once, recovery within 10 s.
   */
  public static EngineConfig of(String processName) {
    return new EngineConfig(
        processName,
        100,
        2_000,
        Duration.ofSeconds(1),
        Duration.ofMillis(10),
        Duration.ofSeconds(8),
        Duration.ofSeconds(60),
        RetryPolicy.DEFAULT);
  }

  /** The same with other batch and concurrency limits. */
  public EngineConfig withClaims(int batch, int most) {
    return new EngineConfig(
        processName, batch, most, pollInterval, gathering, lease, attemptTimeout, retry);
  }

  /** The same with another retry policy. */
  public EngineConfig withRetry(RetryPolicy policy) {
    return new EngineConfig(
        processName,
        claimBatch,
        concurrency,
        pollInterval,
        gathering,
        lease,
        attemptTimeout,
        policy);
  }

  /** The same with another lease. */
  public EngineConfig withLease(Duration duration) {
    return new EngineConfig(
        processName,
        claimBatch,
        concurrency,
        pollInterval,
        gathering,
        duration,
        attemptTimeout,
        retry);
  }

  /** The same with another poll interval. */
  public EngineConfig withPollInterval(Duration duration) {
    return new EngineConfig(
        processName, claimBatch, concurrency, duration, gathering, lease, attemptTimeout, retry);
  }

  /** The same with another time of gathering. */
  public EngineConfig withGathering(Duration duration) {
    return new EngineConfig(
        processName, claimBatch, concurrency, pollInterval, duration, lease, attemptTimeout, retry);
  }

  /** The same with another time-out of attempts. */
  public EngineConfig withAttemptTimeout(Duration duration) {
    return new EngineConfig(
        processName, claimBatch, concurrency, pollInterval, gathering, lease, duration, retry);
  }

  /** How often a lease is renewed and others' lapsed leases are looked for. */
  Duration heartbeat() {
    return lease.dividedBy(4);
  }

  private static void requirePositive(Duration duration, String name) {
    if (!duration.isPositive()) {
      throw new IllegalArgumentException(name + " must be positive, not " + duration);
    }
  }
}
