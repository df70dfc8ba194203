package dev.carillon.engine;

import dev.carillon.store.EventStore;
import dev.carillon.store.ProcessId;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's right to claim: one row and one heartbeat a process, not an event. The holder
 * counts its own lease from before it asked for it, on its own monotonic clock, so it stops working
 * before others may take its claims; after that it joins again under a new id. Safe for use by many
 * threads.
 */
final class ProcessLease {

  private static final Logger LOG = LoggerFactory.getLogger(ProcessLease.class);

  /** A process's id and until when, on the monotonic clock, it may believe in its lease. */
  private record Held(ProcessId process, long until) {}

  private final EventStore store;
  private final String name;
  private final Duration lease;
  private final LongSupplier nanoTime;
  private volatile Held held;

  ProcessLease(EventStore store, String name, Duration lease, LongSupplier nanoTime) {
    this.store = store;
    this.name = name;
    this.lease = lease;
    this.nanoTime = nanoTime;
    this.held = join();
  }

  ProcessId process() {
    return held.process();
  }

  /** Whether this process may claim. */
  boolean isHeld() {
    return nanoTime.getAsLong() - held.until() < 0;
  }

  /** Whether claims made under this id may still be worked on. */
  boolean isHeldAs(ProcessId process) {
    Held now = held;
    return now.process().equals(process) && nanoTime.getAsLong() - now.until() < 0;
  }

  /**
   * Renews the lease, or joins again where it was lost.
   *
   * @return false if it was lost
   */
  boolean renew() {
    Held before = held;
    long until = nanoTime.getAsLong() + lease.toNanos();
    if (isHeld() && store.renew(before.process(), lease)) {
      held = new Held(before.process(), until);
      return true;
    }
    held = join();
    LOG.warn("{} lost its lease as {} and joined again as {}", name, before.process(), process());
    return false;
  }

  private Held join() {
    long until = nanoTime.getAsLong() + lease.toNanos();
    return new Held(store.join(name, lease), until);
  }
}
