package dev.carillon.server.wiring;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Database;
import dev.carillon.server.settings.Settings;
import dev.carillon.testkit.EmbeddedDatabase;
import dev.carillon.webhook.endpoint.EncryptedSecrets;
import dev.carillon.webhook.endpoint.Vault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the server stands on, opened before it starts: its settings and its database.
 *
 * @param settings what the operator set
 * @param database the pool
 * @param embedded the server behind it, if it is this process's own
 */
public record Serving(Settings settings, Database database, @Nullable EmbeddedDatabase embedded)
    implements AutoCloseable {

  public Serving {
    requireNonNull(settings, "settings is null");
    requireNonNull(database, "database is null");
  }

  /**
   * Opens the database and brings its tables up to date.
   *
   * @throws RuntimeException if that is not possible; nothing is left open
   */
  public static Serving open(Settings settings) {
    return opened(
        settings,
        UnaryOperator.identity(),
        serving -> {
          serving.database().migrate();
          serving.secureSecrets();
          Optimising.run(serving.database());
        });
  }

  /**
   * Opens the database as it is, for work that takes as long as it needs.
   *
   * @throws EmbeddedDatabase.InUse if it is the embedded one, and a server uses it
   * @throws RuntimeException if that is not possible; nothing is left open
   */
  public static Serving connect(Settings settings) {
    return opened(settings, Database.Address::unhurried, _ -> {});
  }

  /** Whether there is a database already, as far as that is known without asking it. */
  public static boolean hasDatabase(Settings settings) {
    return settings.database() != null || Files.exists(folder(settings).resolve("PG_VERSION"));
  }

  private static Serving opened(
      Settings settings, UnaryOperator<Database.Address> how, Consumer<Serving> prepare) {
    EmbeddedDatabase embedded = settings.database() == null ? embedded(settings) : null;
    Database.Address address = how.apply(address(settings, embedded));
    Serving serving = new Serving(settings, Database.open(address), embedded);
    try {
      requireReachable(address);
      prepare.accept(serving);
      return serving;
    } catch (RuntimeException e) {
      serving.close();
      throw e;
    }
  }

  @Override
  public void close() {
    database.close();
    if (embedded != null) {
      embedded.close();
    }
  }

  /** Makes sure that this process can read what others wrote, before it does anything. */
  private void secureSecrets() {
    Vault vault = new Vault(settings.encryptionKeys());
    EncryptedSecrets secrets = new EncryptedSecrets(database.jdbi(), vault);
    secrets.requireKnownKey();
    if (vault.isRotating()) {
      secrets.reencrypt();
    }
  }

  private static EmbeddedDatabase embedded(Settings settings) {
    return EmbeddedDatabase.in(folder(settings));
  }

  private static Path folder(Settings settings) {
    return settings.data().resolve("postgres");
  }

  private static Database.Address address(Settings settings, @Nullable EmbeddedDatabase embedded) {
    if (settings.database() != null) {
      return settings.database();
    }
    requireNonNull(embedded, "embedded is null");
    return Database.Address.of(embedded.jdbcUrl("postgres"));
  }

  /** Tries once, and not by the pool, which would try for as long as its time-out allows. */
  private static void requireReachable(Database.Address address) {
    Properties login = new Properties();
    if (address.user() != null) {
      login.setProperty("user", address.user());
    }
    if (address.password() != null) {
      login.setProperty("password", address.password());
    }
    try (Connection connection = DriverManager.getConnection(address.jdbcUrl(), login)) {
      connection.getMetaData();
    } catch (SQLException e) {
      throw new IllegalStateException("cannot connect to the database: " + reason(e), e);
    }
  }

  private static String reason(SQLException e) {
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return String.valueOf(deepest.getMessage());
  }
}
