package dev.carillon.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that can be stopped as a power cut would, and started again at the same port. */
public final class CrashingServer {

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final String PID_FILE = "postmaster.pid";

  private static final Map<PostgresVersion, CrashingServer> SERVERS = new ConcurrentHashMap<>();

  private final EmbeddedDatabase server;

  private CrashingServer(EmbeddedDatabase server) {
    this.server = server;
  }

  /** The server of a version, apart from those that other tests use meanwhile. */
  public static CrashingServer of(PostgresVersion version) {
    return SERVERS.computeIfAbsent(
        version, made -> new CrashingServer(PostgresVersion.prepared(made)));
  }

  /** Where a new database with all tables is. */
  public String newUrl() {
    return server.create("crash_" + COUNT.incrementAndGet(), PostgresVersion.MIGRATED);
  }

  /** Stops it at once, without a checkpoint, and starts it: it recovers from its log. */
  public void crash() {
    try {
      Path data = dataFolder();
      long pid = Long.parseLong(Files.readAllLines(data.resolve(PID_FILE)).getFirst().strip());
      Path program = Path.of(ProcessHandle.of(pid).flatMap(p -> p.info().command()).orElseThrow());
      List<String> command = new ArrayList<>();
      if (System.getProperty("user.name").equals("root")) {
        // The server refuses root; in a user namespace nobody is.
        command.addAll(List.of("unshare", "-U"));
      }
      command.addAll(
          List.of(
              program.resolveSibling("pg_ctl").toString(),
              "restart",
              "-m",
              "immediate",
              "-w",
              "-D",
              data.toString(),
              "-l",
              data.resolve("crash.log").toString()));
      Process restart =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(data.resolve("restart.log").toFile())
              .start();
      assertThat(restart.waitFor(EmbeddedDatabase.START_TIMEOUT.toSeconds(), TimeUnit.SECONDS))
          .isTrue();
      assertThat(restart.exitValue())
          .as(() -> text(data.resolve("restart.log")) + text(data.resolve("crash.log")))
          .isZero();
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Path dataFolder() throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.jdbcUrl("postgres"));
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW data_directory")) {
      rows.next();
      return Path.of(rows.getString(1));
    }
  }

  private static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      return e.toString();
    }
  }
}
