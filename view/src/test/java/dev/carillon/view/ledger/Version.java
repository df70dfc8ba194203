package dev.carillon.view.ledger;

import dev.carillon.postgres.Database;
import dev.carillon.view.TestDatabases;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The PostgreSQL versions that all this is proven on: one server of each for a test run. */
enum Version {
  POSTGRES_15,
  POSTGRES_18;

  private static final AtomicInteger COUNT = new AtomicInteger();

  private static final Map<Version, EmbeddedPostgres> SERVERS = new ConcurrentHashMap<>();

  /** The URL of a new database with all of Carillon's tables. */
  String newDatabase() {
    EmbeddedPostgres running = SERVERS.computeIfAbsent(this, Version::start);
    String name = "ledger_" + COUNT.incrementAndGet();
    try (Connection connection = running.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name + " TEMPLATE migrated");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return url(running, name);
  }

  private EmbeddedPostgres start() {
    try {
      EmbeddedPostgres.Builder builder =
          EmbeddedPostgres.builder()
              .setServerConfig("fsync", "off")
              .setServerConfig("max_prepared_transactions", "20")
              .setServerConfig("wal_level", "logical")
              .setServerConfig("shared_buffers", "128MB");
      if (this == POSTGRES_15) {
        Path archive = Path.of(System.getProperty("postgres15.archive"));
        PgBinaryResolver resolver = (_, _) -> Files.newInputStream(archive);
        builder.setPgBinaryResolver(resolver);
      }
      EmbeddedPostgres started = builder.start();
      migrate(started);
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void migrate(EmbeddedPostgres started) {
    try (Connection connection = started.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE migrated");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    try (Database database = TestDatabases.open(url(started, "migrated"))) {
      database.migrate();
    }
  }

  private static String url(EmbeddedPostgres started, String name) {
    return "jdbc:postgresql://127.0.0.1:%d/%s?user=postgres".formatted(started.getPort(), name);
  }
}
