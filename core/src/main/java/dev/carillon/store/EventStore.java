package dev.carillon.store;

import dev.carillon.event.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The engine's tables. Every method is one transaction, blocks until it is durable, and may be
 * called by any number of threads and processes at once; none waits for another's claim.
 *
 * <p>Due times are compared with the engine's clock, which is passed in; leases are kept by the
 * store's own clock, so that processes with wrong clocks cannot take each other's work.
 *
 * <p>Failures of the store itself are thrown unchecked; the caller may repeat any call.
 */
public interface EventStore {

  /** The most transitions and the most claims of one {@link #exchange}. */
  int MAX_BATCH = 1_000;

  /**
   * Makes events due, except those whose idempotency key a pending or processing event has.
   *
   * @return how many were added
   */
  int plan(List<Event> events);

  /**
   * Registers a process, which may then claim.
   *
   * @param name tells people which process it is, such as host and process number
   * @param lease how long the process is believed alive without a renewal
   */
  ProcessId join(String name, Duration lease);

  /**
   * Renews a process's lease.
   *
   * @return false if the lease had run out and was reaped: the process holds no claim any more
   */
  boolean renew(ProcessId process, Duration lease);

  /**
   * Ends a process's lease and makes what it still holds due again.
   *
   * @return how many events were handed back
   */
  int leave(ProcessId process, Instant now);

  /**
   * Settles what ended and claims what is due, in one transaction: the acknowledgement rides with
   * the next claim.
   *
   * @param settled at most {@link #MAX_BATCH}
   * @param limit how many events to claim at most; 0 to claim none
   * @param now events due at or before this instant are claimed
   */
  Exchange exchange(ProcessId process, List<Transition> settled, int limit, Instant now);

  /**
   * Claims held events, those due first in front.
   *
   * @param openings how many of each lane at most; {@link #MAX_BATCH} in all
   * @return what was claimed, by lane; a lane without events is left out
   */
  Map<UUID, List<Claim>> claimHeld(ProcessId process, Map<UUID, Integer> openings, Instant now);

  /**
   * Makes events due again that a process claimed without knowing: the answer to its {@link
   * #exchange} was lost on the way. Must not run beside an exchange of the same process.
   *
   * @param known the events it knows that it has claimed
   * @return how many were handed back
   */
  int handBackUnknown(ProcessId process, Collection<UUID> known, Instant now);

  /**
   * Makes the events due again whose process's lease has run out, and forgets the process.
   *
   * @return how many events were recovered
   */
  int reap(Instant now);

  /**
   * Makes held events due, those due first in front.
   *
   * @param lane the lane they are held in
   * @param limit how many at most; up to {@link #MAX_BATCH}
   * @return how many
   */
  int release(UUID lane, int limit, Instant now);

  /** An event in whatever state it is; empty if there is none, or its history was dropped. */
  Optional<EventRecord> find(UUID id);
}
