package dev.carillon.webhook.endpoint;

import dev.carillon.postgres.Database;
import dev.carillon.testkit.EmbeddedDatabase;
import java.util.concurrent.atomic.AtomicInteger;

/** Databases of one server, which ends with the JVM. */
final class EndpointDatabase {

  private static final EmbeddedDatabase SERVER = EmbeddedDatabase.temporary();
  private static final AtomicInteger COUNT = new AtomicInteger();

  private EndpointDatabase() {}

  static Database migrated() {
    String name = "endpoints_" + COUNT.incrementAndGet();
    Database database = Database.open(Database.Address.of(SERVER.create(name)));
    database.migrate();
    return database;
  }
}
