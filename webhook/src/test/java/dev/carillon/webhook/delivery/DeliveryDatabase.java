package dev.carillon.webhook.delivery;

import dev.carillon.postgres.Database;
import dev.carillon.testkit.EmbeddedDatabase;

/** One database for all tests of deliveries, which ends with the JVM. */
final class DeliveryDatabase {

  private static final String URL = EmbeddedDatabase.forTests().create("deliveries");
  private static final Database DATABASE = Database.open(Database.Address.of(URL));

  static {
    DATABASE.migrate();
  }

  private DeliveryDatabase() {}

  /**
   * The database without events and endpoints. Emptied in the order in which engines lock: one that
   * is closing may still settle.
   */
  static Database emptied() {
    DATABASE
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                """
                TRUNCATE event_due, event_claim, event, dead_letter, event_history, event_attempt,
                  process, endpoint, endpoint_key, encryption_key CASCADE
                """));
    return DATABASE;
  }

  /** Where it is, for another process. */
  static String url() {
    return URL;
  }
}
