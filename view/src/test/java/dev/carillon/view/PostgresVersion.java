package dev.carillon.view;

import dev.carillon.postgres.Database;
import dev.carillon.testkit.EmbeddedDatabase;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The oldest and the newest PostgreSQL, one server of each for all tests of this run. */
public enum PostgresVersion {
  OLDEST,
  NEWEST;

  private static final AtomicInteger COUNT = new AtomicInteger();
  static final String MIGRATED = "migrated_template";

  private static final Map<PostgresVersion, EmbeddedDatabase> SERVERS = new ConcurrentHashMap<>();

  /** A new database with all tables. */
  public Database migrated() {
    return Database.open(Database.Address.of(migratedUrl()));
  }

  /** Where a new database with all tables is. */
  public String migratedUrl() {
    return running().create("view_" + COUNT.incrementAndGet(), MIGRATED);
  }

  /** A new database with nothing in it. */
  public Database empty() {
    return Database.open(Database.Address.of(running().create("view_" + COUNT.incrementAndGet())));
  }

  private EmbeddedDatabase running() {
    return SERVERS.computeIfAbsent(this, PostgresVersion::prepared);
  }

  /** A new server with a database that has all tables, to be copied. */
  static EmbeddedDatabase prepared(PostgresVersion version) {
    EmbeddedDatabase server = version.start();
    try (Database first = Database.open(Database.Address.of(server.create(MIGRATED)))) {
      first.migrate();
    }
    return server;
  }

  private EmbeddedDatabase start() {
    return switch (this) {
      case OLDEST -> EmbeddedDatabase.forTests(Path.of(System.getProperty("postgres15.archive")));
      case NEWEST -> EmbeddedDatabase.forTests();
    };
  }
}
