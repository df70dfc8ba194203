package dev.carillon.webhook.endpoint;

import dev.carillon.postgres.Database;
import dev.carillon.testkit.EmbeddedDatabase;

/** One database for all tests of endpoints, which ends with the JVM. */
final class EndpointDatabase {

  private static final EmbeddedDatabase SERVER = EmbeddedDatabase.forTests();
  private static final Database DATABASE =
      Database.open(Database.Address.of(SERVER.create("endpoints")));

  static {
    DATABASE.migrate();
  }

  private EndpointDatabase() {}

  /** The database without endpoints. */
  static Database emptied() {
    DATABASE
        .jdbi()
        .useHandle(handle -> handle.execute("TRUNCATE endpoint, encryption_key CASCADE"));
    return DATABASE;
  }
}
