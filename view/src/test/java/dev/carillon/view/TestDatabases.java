package dev.carillon.view;

import dev.carillon.postgres.Database;
import dev.carillon.testkit.EmbeddedDatabase;
import java.util.concurrent.atomic.AtomicInteger;

/** One server for all tests of this run, and a fresh database for each that asks. */
public final class TestDatabases {

  private static final AtomicInteger COUNT = new AtomicInteger();

  private static final class Server {
    static final String MIGRATED = "migrated";
    static final EmbeddedDatabase RUNNING = EmbeddedDatabase.forTests();

    static {
      try (Database first = open(RUNNING.create(MIGRATED))) {
        first.migrate();
      }
    }
  }

  private TestDatabases() {}

  /** A database with all tables. */
  public static Database migrated() {
    return open(newUrl());
  }

  /** A database with all tables, at a URL of {@link #newUrl()}. */
  public static Database open(String url) {
    return Database.open(Database.Address.of(url));
  }

  /** Where a new database with all tables is. */
  public static String newUrl() {
    return Server.RUNNING.create("test_" + COUNT.incrementAndGet(), Server.MIGRATED);
  }
}
