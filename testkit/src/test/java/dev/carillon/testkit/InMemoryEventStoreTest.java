package dev.carillon.testkit;

import dev.carillon.memory.InMemoryEventStore;
import dev.carillon.memory.SettableClock;
import dev.carillon.store.EventStore;

class InMemoryEventStoreTest extends EventStoreContract {

  @Override
  protected EventStore emptyStore() {
    return new InMemoryEventStore(new SettableClock(NOW));
  }
}
