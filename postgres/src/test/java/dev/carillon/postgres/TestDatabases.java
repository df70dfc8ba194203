package dev.carillon.postgres;

import dev.carillon.testkit.EmbeddedDatabase;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One server of each version for all tests of this run, and a fresh database for each that asks.
 */
final class TestDatabases {

  private static final AtomicInteger COUNT = new AtomicInteger();

  private static final Supplier<EmbeddedDatabase> NEWEST = once(EmbeddedDatabase::forTests);
  private static final Supplier<EmbeddedDatabase> OLDEST =
      once(() -> EmbeddedDatabase.temporary(Path.of(System.getProperty("postgres15.archive"))));

  private TestDatabases() {}

  static EmbeddedDatabase newestServer() {
    return NEWEST.get();
  }

  static EmbeddedDatabase oldestServer() {
    return OLDEST.get();
  }

  static Database migrated(EmbeddedDatabase server) {
    Database database = empty(server);
    database.migrate();
    return database;
  }

  static Database empty(EmbeddedDatabase server) {
    return Database.open(Database.Address.of(server.create(newName())));
  }

  static String newName() {
    return "test_" + COUNT.incrementAndGet();
  }

  private static Supplier<EmbeddedDatabase> once(Supplier<EmbeddedDatabase> start) {
    return new Supplier<>() {
      private @Nullable EmbeddedDatabase server;

      @Override
      public synchronized EmbeddedDatabase get() {
        EmbeddedDatabase started = server;
        if (started == null) {
          started = start.get();
          server = started;
        }
        return started;
      }
    };
  }
}
