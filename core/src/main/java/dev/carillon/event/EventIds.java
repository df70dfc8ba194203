package dev.carillon.event;

import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Makes time-ordered ids: UUID version 7 by RFC 9562, section 5.7. Ids made later sort later, to
 * the millisecond. Safe for use by many threads.
 *
 * @param clock where the ids' time comes from
 */
public record EventIds(InstantSource clock) {

  private static final long VERSION_7 = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final long RANDOM_A = 0xFFFL;
  private static final long RANDOM_B = 0x3FFF_FFFF_FFFF_FFFFL;

  /** A new id. */
  public UUID next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long high = (clock.millis() << 16) | VERSION_7 | (random.nextLong() & RANDOM_A);
    long low = VARIANT | (random.nextLong() & RANDOM_B);
    return new UUID(high, low);
  }
}
