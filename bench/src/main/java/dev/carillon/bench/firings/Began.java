package dev.carillon.bench.firings;

import java.time.Instant;
import java.util.UUID;

/**
 * A firing that began.
 *
 * @param schedule whose
 * @param nominal when it was to begin
 * @param at when it did
 */
record Began(UUID schedule, Instant nominal, Instant at) {

  /** What must come once. */
  record Name(UUID schedule, Instant nominal) {}

  Name name() {
    return new Name(schedule, nominal);
  }
}
