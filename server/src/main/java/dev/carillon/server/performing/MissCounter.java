package dev.carillon.server.performing;

import dev.carillon.schedule.history.History;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the firings of all schedules that were noted as missed since this process started,
 * whichever process noted them. Asks the database when it is asked, at most once a {@link #EVERY}.
 * Safe for use by many threads.
 */
final class MissCounter {

  /** How often the database is asked at most. */
  static final Duration EVERY = Duration.ofSeconds(5);

  /** How long ago misses are noted at least before they are counted: by then they are committed. */
  static final Duration SETTLED = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(MissCounter.class);

  private final History history;
  private final InstantSource clock;
  private Instant countedUpTo;
  private long total;

  MissCounter(History history, InstantSource clock) {
    this.history = history;
    this.clock = clock;
    this.countedUpTo = clock.instant().minus(SETTLED);
  }

  synchronized double count() {
    Instant until = clock.instant().minus(SETTLED);
    if (until.isAfter(countedUpTo.plus(EVERY))) {
      try {
        total += history.missedBetween(countedUpTo, until);
        countedUpTo = until;
      } catch (RuntimeException e) {
        LOG.warn("cannot count missed firings now: {}", String.valueOf(e.getMessage()));
      }
    }
    return total;
  }
}
