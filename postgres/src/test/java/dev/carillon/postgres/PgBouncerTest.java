package dev.carillon.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carillon.store.EventStore;
import dev.carillon.testkit.EventStoreContract;
import dev.carillon.testkit.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/**
 * The whole store contract, and the migrations, through a PgBouncer that pools transactions with
 * two server connections. Where PgBouncer is not installed the test is skipped, unless
 * CARILLON_REQUIRE_PGBOUNCER is set, as it is in CI.
 */
class PgBouncerTest extends EventStoreContract {

  private static final Path BINARY = Path.of("/usr/sbin/pgbouncer");

  private static @Nullable Process process;
  private static int port;

  private final Database database = throughPgBouncer();

  @BeforeAll
  static void start() throws Exception {
    boolean installed = Files.isExecutable(BINARY);
    if (!installed && System.getenv("CARILLON_REQUIRE_PGBOUNCER") != null) {
      throw new IllegalStateException(BINARY + " is required: apt-get install pgbouncer");
    }
    assumeTrue(installed, "PgBouncer is not installed: apt-get install pgbouncer");
    port = freePort();
    process = launch(configuration());
  }

  @AfterAll
  static void stop() {
    Optional.ofNullable(process).ifPresent(Process::destroy);
  }

  @Override
  protected EventStore emptyStore() {
    assertThat(database.migrate()).isPositive();
    return new PostgresEventStore(database.jdbi());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static Database throughPgBouncer() {
    String name = TestDatabases.newName();
    TestDatabases.newestServer().create(name);
    return Database.open(
        Database.Address.of(
            "jdbc:postgresql://127.0.0.1:%d/%s?user=postgres".formatted(port, name)));
  }

  private static Path configuration() throws IOException {
    Path folder =
        Files.createTempDirectory(
            "pgbouncer",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Path users = Files.writeString(folder.resolve("users.txt"), "\"postgres\" \"\"\n");
    Path file = folder.resolve("pgbouncer.ini");
    return Files.write(
        file,
        List.of(
            "[databases]",
            "* = host=127.0.0.1 port=" + TestDatabases.newestServer().port(),
            "[pgbouncer]",
            "listen_addr = 127.0.0.1",
            "listen_port = " + port,
            "unix_socket_dir =",
            "auth_type = trust",
            "auth_file = " + users,
            "pool_mode = transaction",
            "default_pool_size = 2",
            "ignore_startup_parameters = extra_float_digits"));
  }

  /** PgBouncer refuses to run as root. */
  private static Process launch(Path configuration) throws IOException {
    Process started =
        new ProcessBuilder(BINARY.toString(), "-u", "nobody", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Patience.until(Duration.ofSeconds(20), PgBouncerTest::isListening);
    return started;
  }

  private static boolean isListening() {
    try (var socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
