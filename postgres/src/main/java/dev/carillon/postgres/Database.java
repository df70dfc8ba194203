package dev.carillon.postgres;

import static java.util.Objects.requireNonNull;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * A pool of connections to one PostgreSQL database. It needs nothing of a session, so a pooler in
 * transaction mode, such as PgBouncer or RDS Proxy, may stand in between.
 */
public final class Database implements AutoCloseable {

  /** How long a caller waits for a connection of the pool before it gets an error. */
  public static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(10);

  /** How long one statement may wait for the network before the connection counts as broken. */
  public static final Duration SOCKET_TIMEOUT = Duration.ofMinutes(2);

  /** The table that remembers which migrations were applied. */
  public static final String MIGRATION_TABLE = "carillon_migration";

  private static final String MIGRATIONS = "classpath:db/migration";

  /**
   * Where a database is and how to log in.
   *
   * @param jdbcUrl a {@code jdbc:postgresql:} URL
   * @param user the role; null if the URL names it
   * @param password null if the URL names it, or none is needed
   * @param poolSize how many connections are open at most
   */
  public record Address(
      String jdbcUrl, @Nullable String user, @Nullable String password, int poolSize) {

    /** A pool that serves one process. */
    public static final int DEFAULT_POOL_SIZE = 10;

    public Address {
      requireNonNull(jdbcUrl, "jdbcUrl is null");
      if (!jdbcUrl.startsWith("jdbc:postgresql:")) {
        throw new IllegalArgumentException("a database URL must start with jdbc:postgresql:");
      }
      if (poolSize < 1) {
        throw new IllegalArgumentException("poolSize must be at least 1, not " + poolSize);
      }
    }

    /** A database whose URL says all. */
    public static Address of(String jdbcUrl) {
      return new Address(jdbcUrl, null, null, DEFAULT_POOL_SIZE);
    }

    /** The same database, for work whose statements may take as long as they need. */
    public Address unhurried() {
      String unlimited = jdbcUrl + (jdbcUrl.indexOf('?') < 0 ? "?" : "&") + "socketTimeout=0";
      return new Address(unlimited, user, password, poolSize);
    }

    /** The URL without its parameters, which may hold a password. */
    @Override
    public String toString() {
      int parameters = jdbcUrl.indexOf('?');
      return parameters < 0 ? jdbcUrl : jdbcUrl.substring(0, parameters);
    }
  }

  private final Address address;
  private final HikariDataSource pool;
  private final Jdbi jdbi;

  private Database(Address address, HikariDataSource pool) {
    this.address = address;
    this.pool = pool;
    this.jdbi = Jdbi.create(pool);
    jdbi.registerArrayType(UUID.class, "uuid");
    jdbi.registerArrayType(Long.class, "int8");
    jdbi.registerArrayType(Integer.class, "int4");
    jdbi.registerArrayType(String.class, "text");
  }

  /** Opens a pool. The database is first asked when the first statement runs. */
  public static Database open(Address address) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(address.jdbcUrl());
    if (address.user() != null) {
      config.setUsername(address.user());
    }
    if (address.password() != null) {
      config.setPassword(address.password());
    }
    config.setMaximumPoolSize(address.poolSize());
    config.setConnectionTimeout(CONNECTION_TIMEOUT.toMillis());
    config.setInitializationFailTimeout(-1);
    config.setPoolName("carillon");
    config.setDataSourceProperties(driverProperties());
    return new Database(address, new HikariDataSource(config));
  }

  /**
   * Opens another pool to the same database: for work that must not wait for a connection because
   * other work holds them all.
   */
  public Database another(int poolSize) {
    return open(new Address(address.jdbcUrl(), address.user(), address.password(), poolSize));
  }

  /**
   * Brings the tables up to this version. May be called by many processes at once, and repeated.
   *
   * @return how many migrations were applied
   * @throws org.flywaydb.core.api.FlywayException if one failed; the tables are as before it
   */
  public int migrate() {
    return Flyway.configure()
        .dataSource(pool)
        .locations(MIGRATIONS)
        .table(MIGRATION_TABLE)
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .validateMigrationNaming(true)
        .load()
        .migrate()
        .migrationsExecuted;
  }

  /** Runs statements, alone or in transactions. Safe for use by many threads. */
  public Jdbi jdbi() {
    return jdbi;
  }

  /** The pool itself, for libraries that want one. */
  public DataSource dataSource() {
    return pool;
  }

  /** What the database's clock shows. */
  public Instant time() {
    return jdbi.withHandle(handle ->
        handle.createQuery(EngineStatements.SQL.get("database_time")).mapTo(Instant.class).one());
  }

  @Override
  public void close() {
    pool.close();
  }

  private static Properties driverProperties() {
    Properties properties = new Properties();
    // Named prepared statements belong to a session: a pooler in transaction mode loses them.
    properties.setProperty("prepareThreshold", "0");
    properties.setProperty("socketTimeout", Long.toString(SOCKET_TIMEOUT.toSeconds()));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("ApplicationName", "carillon");
    return properties;
  }
}
