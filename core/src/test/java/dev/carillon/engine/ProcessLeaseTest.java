package dev.carillon.engine;

import static dev.carillon.engine.TestEvents.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.memory.InMemoryEventStore;
import dev.carillon.memory.SettableClock;
import dev.carillon.store.ProcessId;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProcessLeaseTest {

  private static final Duration LEASE = Duration.ofSeconds(8);

  private final SettableClock storeClock = new SettableClock(NOW);
  private final InMemoryEventStore store = new InMemoryEventStore(storeClock);
  private final AtomicLong nanos = new AtomicLong();
  private final ProcessLease lease = new ProcessLease(store, "test", LEASE, nanos::get);

  @Test
  void aLeaseIsHeldUntilItRunsOutByTheProcessesOwnClock() {
    nanos.set(LEASE.toNanos() - 1);
    assertThat(lease.isHeld()).isTrue();

    nanos.set(LEASE.toNanos());
    assertThat(lease.isHeld()).isFalse();
  }

  @Test
  void renewingKeepsTheProcessAndExtendsTheLease() {
    ProcessId before = lease.process();
    nanos.set(LEASE.toNanos() / 2);

    assertThat(lease.renew()).isTrue();

    nanos.set(LEASE.toNanos());
    assertThat(lease.isHeld()).isTrue();
    assertThat(lease.process()).isEqualTo(before);
  }

  @Test
  void aReapedProcessComesBackUnderANewId() {
    ProcessId before = lease.process();
    storeClock.advance(LEASE.plusSeconds(1));
    store.reap(NOW);

    assertThat(lease.renew()).isFalse();

    assertThat(lease.process()).isNotEqualTo(before);
    assertThat(lease.isHeld()).isTrue();
  }

  @Test
  void aProcessThatSleptPastItsLeaseComesBackUnderANewIdEvenIfNobodyReapedIt() {
    ProcessId before = lease.process();
    nanos.set(LEASE.toNanos() + 1);

    assertThat(lease.renew()).isFalse();

    assertThat(lease.process()).isNotEqualTo(before);
  }
}
