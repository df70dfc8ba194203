package dev.carillon.postgres;

import dev.carillon.store.EventStore;
import dev.carillon.testkit.EventStoreContract;
import org.junit.jupiter.api.AfterEach;

class Postgres15EventStoreTest extends EventStoreContract {

  private final Database database = TestDatabases.migrated(TestDatabases.oldestServer());

  @Override
  protected EventStore emptyStore() {
    return new PostgresEventStore(database.jdbi());
  }

  @AfterEach
  void close() {
    database.close();
  }
}
