package dev.carillon.store;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a process got for what it settled.
 *
 * @param fenced the events whose claim the process no longer held: their transitions changed
 *     nothing
 * @param claims newly claimed events, the longest due first
 * @param nextDue when the next event is due, where fewer were claimed than asked for; null if none
 *     is, or if as many were claimed
 */
public record Exchange(List<UUID> fenced, List<Claim> claims, @Nullable Instant nextDue) {

  public Exchange {
    fenced = List.copyOf(fenced);
    claims = List.copyOf(claims);
  }
}
