package dev.carillon.bench.deliver;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.UUID;

/**
 * A message that reached the receiver.
 *
 * @param event by its {@code webhook-id}
 * @param at when its first byte was read, by the clock of this machine
 */
record Arrival(UUID event, Instant at) {

  Arrival {
    requireNonNull(event, "event is null");
    requireNonNull(at, "at is null");
  }
}
