package dev.carillon.postgres;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database's clock, read now and then and carried on by the host's: hosts whose clocks differ
 * agree on when an event is due. Safe for use by many threads.
 */
public final class DatabaseClock implements InstantSource {

  /** Host clocks that differ by more from the database's are worth a warning. */
  public static final Duration WARN_FROM = Duration.ofSeconds(1);

  /** An answer that took longer says too little: the clock goes on as before. */
  public static final Duration MAX_ROUND_TRIP = Duration.ofMillis(500);

  private static final Logger LOG = LoggerFactory.getLogger(DatabaseClock.class);

  private final Database database;
  private final InstantSource host;
  private volatile Duration offset = Duration.ZERO;

  /** A clock that shows the host's time until it is first synchronized. */
  public DatabaseClock(Database database, InstantSource host) {
    this.database = database;
    this.host = host;
  }

  /**
   * Asks the database for its time. The answer is taken to be from the middle of the round trip, as
   * in RFC 5905, section 8.
   *
   * @throws RuntimeException if the database cannot be reached; the clock goes on as before
   */
  public void synchronize() {
    Instant before = host.instant();
    Instant there = database.time();
    Duration roundTrip = Duration.between(before, host.instant());
    if (roundTrip.compareTo(MAX_ROUND_TRIP) > 0) {
      return;
    }
    offset = Duration.between(before.plus(roundTrip.dividedBy(2)), there);
    if (offset.abs().compareTo(WARN_FROM) >= 0) {
      LOG.warn("this host's clock differs from the database's by {}", offset);
    }
  }

  /** By how much the database's clock is ahead of the host's. */
  public Duration offset() {
    return offset;
  }

  @Override
  public Instant instant() {
    return host.instant().plus(offset);
  }
}
