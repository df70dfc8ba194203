package dev.carillon.store;

import static java.util.Objects.requireNonNull;

import dev.carillon.event.Event;

/**
 * An event that a process may perform, for as long as the process's lease holds.
 *
 * @param event what is due
 * @param version the fencing token: it grows with every claim, and only its holder can settle
 * @param attempt the number of the attempt that the claim is for, from 1
 */
public record Claim(Event event, long version, int attempt) {

  public Claim {
    requireNonNull(event, "event is null");
  }
}
