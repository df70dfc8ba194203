package dev.carillon.refresh.clash;

import dev.carillon.postgres.Database;
import dev.carillon.testkit.EmbeddedDatabase;
import java.util.concurrent.atomic.AtomicInteger;

/** One server for the tests of the tables, and a fresh database for each that asks. */
final class ClashDatabases {

  private static final AtomicInteger COUNT = new AtomicInteger();

  private static final class Server {
    static final EmbeddedDatabase RUNNING = EmbeddedDatabase.temporary();
  }

  private ClashDatabases() {}

  static Database migrated() {
    Database database =
        Database.open(
            Database.Address.of(Server.RUNNING.create("clash_" + COUNT.incrementAndGet())));
    database.migrate();
    return database;
  }
}
