package dev.carillon.refresh.pace;

import java.time.Duration;
import java.time.Instant;

/**
 * Keeps the tempo of each source, shared by all processes. Throws the unchecked exception of its
 * store if that does not answer. Safe for use by many threads.
 */
public interface TempoStore {

  /**
   * Changes a tempo: reads it, has it changed and writes it, as if nobody else did. A tempo that is
   * equal to the one before is not written.
   *
   * @param source whose
   * @param limit what it starts with if there is none
   * @param change makes the tempo after of the one before; may be asked several times
   */
  Changed change(String source, double limit, Change change);

  /**
   * Reads a tempo: nothing is written, and no change waits for it or is waited for.
   *
   * @param source whose
   * @param limit what it would start with if there is none
   */
  Seen read(String source, double limit);

  /**
   * A tempo that was read.
   *
   * @param tempo the tempo
   * @param at the store's time
   */
  record Seen(Tempo tempo, Instant at) {}

  /** What becomes of a tempo at the store's time. */
  @FunctionalInterface
  interface Change {

    /** The tempo after. */
    Tempo of(Tempo before, Instant now);
  }

  /**
   * A change that was made.
   *
   * @param before the tempo before
   * @param after the tempo after
   * @param clock the store's clock when it was made
   */
  record Changed(Tempo before, Tempo after, StoreClock clock) {}

  /**
   * What the store's clock showed, and this host's {@link System#nanoTime} at that moment: the
   * middle between asking and hearing, so it is wrong by half of that at most (Cristian, 1989).
   *
   * @param now the store's time
   * @param nanos this host's monotonic clock
   * @param error by how many nanoseconds it is wrong at most
   */
  record StoreClock(Instant now, long nanos, long error) {

    /** By one part in so many two clocks go apart, at most. */
    private static final long DRIFT = 5_000;

    /** A reading that was asked for and came at these times of this host. */
    public static StoreClock read(Instant now, long askedNanos, long cameNanos) {
      long half = (cameNanos - askedNanos) / 2;
      return new StoreClock(now, askedNanos + half, half);
    }

    /** This host's monotonic clock at a time of the store. */
    public long nanosAt(Instant instant) {
      return nanos + Duration.between(now, instant).toNanos();
    }

    /**
     * The one of this reading and a later one that is wrong by less. An answer that was held up
     * says little about the time (as in NTP's clock filter, RFC 5905, 10); if both cannot be true,
     * the store's clock was set, and the later one is.
     */
    public StoreClock or(StoreClock later) {
      long aged = error + (later.nanos - nanos) / DRIFT;
      long apart = Math.abs(later.nanos - nanosAt(later.now));
      return aged < later.error && apart <= aged + later.error ? this : later;
    }
  }
}
