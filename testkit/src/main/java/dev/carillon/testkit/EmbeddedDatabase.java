package dev.carillon.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server of this process's own, from binaries that come as a library. It listens on
 * loopback only. Durable, but for tests: fsync and synchronous commit are on.
 */
public final class EmbeddedDatabase implements AutoCloseable {

  /** How long a start may take; a crashed server replays its log first. */
  public static final Duration START_TIMEOUT = Duration.ofMinutes(2);

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
  private static final String USER = "postgres";
  private static final String PID_FILE = "postmaster.pid";
  private static final int PROCESS_LINE = 1;
  private static final int PORT_LINE = 4;

  /** Another process uses the folder of a database. */
  public static final class InUse extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    /** Where it is reached while that process lives; 0 if that is not known. */
    private final int port;

    private InUse(Path folder, int port) {
      super("another process uses the database in " + folder);
      this.port = port;
    }

    /** The port on 127.0.0.1 at which it is reached while that process lives. */
    public OptionalInt port() {
      return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
    }
  }

  private final EmbeddedPostgres server;

  private EmbeddedDatabase(EmbeddedPostgres server) {
    this.server = server;
  }

  /** A server whose data is deleted when it is closed. */
  public static EmbeddedDatabase temporary() {
    return start(builder());
  }

  /**
   * A temporary server for tests, which does not wait for the disk: it survives its own crash, but
   * not the machine's.
   */
  public static EmbeddedDatabase forTests() {
    return start(builder().setServerConfig("fsync", "off"));
  }

  /**
   * A temporary server of another version than the library's.
   *
   * @param archive a {@code .txz} file with the binaries
   */
  public static EmbeddedDatabase temporary(Path archive) {
    PgBinaryResolver resolver = (_, _) -> Files.newInputStream(archive);
    return start(builder().setPgBinaryResolver(resolver));
  }

  /**
   * The same of another version than the library's.
   *
   * @param archive a {@code .txz} file with the binaries
   */
  public static EmbeddedDatabase forTests(Path archive) {
    PgBinaryResolver resolver = (_, _) -> Files.newInputStream(archive);
    return start(builder().setPgBinaryResolver(resolver).setServerConfig("fsync", "off"));
  }

  /**
   * A server whose data stays in a folder. One that a killed process left running there is stopped
   * first.
   *
   * @throws InUse if another process uses the folder
   */
  public static EmbeddedDatabase in(Path folder) {
    try {
      Files.createDirectories(folder);
      stopLeftOver(folder.toAbsolutePath());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + folder + " for a database", e);
    }
    return start(
        builder()
            .setDataDirectory(folder.toAbsolutePath())
            .setCleanDataDirectory(false)
            // The owner closes it last: a hook would race with work that is being handed back.
            .setRegisterShutdownHook(false));
  }

  /** The JDBC URL of a database of this server. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s".formatted(port(), database, USER);
  }

  /** The port on 127.0.0.1. */
  public int port() {
    return server.getPort();
  }

  /** Creates an empty database and returns its JDBC URL. */
  public String create(String database) {
    return create(database, "template1");
  }

  /** Creates a database like another one, which nobody may be using, and returns its JDBC URL. */
  public String create(String database, String like) {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE DATABASE %s TEMPLATE %s"
              .formatted(
                  statement.enquoteIdentifier(database, true),
                  statement.enquoteIdentifier(like, true)));
      return jdbcUrl(database);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot create the database " + database, e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot stop the embedded database", e);
    }
  }

  private static EmbeddedPostgres.Builder builder() {
    return EmbeddedPostgres.builder()
        .setPGStartupWait(START_TIMEOUT)
        .setServerConfig("listen_addresses", "127.0.0.1")
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("shared_buffers", "256MB")
        .setServerConfig("max_wal_size", "2GB");
  }

  private static EmbeddedDatabase start(EmbeddedPostgres.Builder builder) {
    try {
      return new EmbeddedDatabase(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException("the embedded database does not start", e);
    }
  }

  private static void stopLeftOver(Path folder) throws IOException {
    if (!isUnlocked(folder.resolve("epg-lock"))) {
      throw new InUse(folder, line(folder.resolve(PID_FILE), PORT_LINE).orElse(0));
    }
    Optional<ProcessHandle> server =
        line(folder.resolve(PID_FILE), PROCESS_LINE)
            .map(Integer::longValue)
            .flatMap(ProcessHandle::of);
    if (server.isPresent() && isPostgres(server.get())) {
      LOG.info("stopping the database server that a killed process left running: {}", server.get());
      stop(server.get());
    }
  }

  private static boolean isUnlocked(Path file) throws IOException {
    if (!Files.exists(file)) {
      return true;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        @Nullable FileLock lock = channel.tryLock()) {
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** A number that the server wrote about itself, as pidfile.h of PostgreSQL says. */
  private static Optional<Integer> line(Path pidFile, int number) throws IOException {
    if (!Files.exists(pidFile)) {
      return Optional.empty();
    }
    return Files.readAllLines(pidFile).stream()
        .skip(number - 1L)
        .findFirst()
        .map(String::strip)
        .map(Integer::valueOf);
  }

  private static boolean isPostgres(ProcessHandle process) {
    return process.info().command().map(command -> command.endsWith("/postgres")).orElse(false);
  }

  private static void stop(ProcessHandle server) {
    try {
      server.destroy();
      server.onExit().get(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("process " + server.pid() + " does not stop", e);
    }
  }
}
