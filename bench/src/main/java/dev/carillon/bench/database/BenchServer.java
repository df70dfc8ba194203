package dev.carillon.bench.database;

import dev.carillon.postgres.Statements;
import dev.carillon.testkit.EmbeddedDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Update;

/**
 * A durable PostgreSQL server in a temporary folder that counts its statements. Every contender
 * gets fresh databases of this one server.
 */
public final class BenchServer implements AutoCloseable {

  static final Statements SQL = Statements.beside(BenchServer.class, "database.sql");

  private static final String OBSERVER = "carillon_bench";

  private final Path folder;
  private final EmbeddedDatabase database;
  private final ServerCpu cpu;
  private int databases;

  private BenchServer(Path folder, EmbeddedDatabase database) {
    this.folder = folder;
    this.database = database;
    this.cpu = ServerCpu.ofFolder(folder);
  }

  /**
   * Starts a server. It starts twice: the library that counts statements is loaded at start only.
   *
   * @param planning whether the time to plan statements is counted too, which slows all contenders
   */
  public static BenchServer start(boolean planning) {
    Path folder = temporaryFolder();
    try (EmbeddedDatabase first = EmbeddedDatabase.in(folder)) {
      Jdbi jdbi = Jdbi.create(first.jdbcUrl("postgres"));
      Stream.of("preload", "keep_wal", "create_observer").forEach(name -> run(jdbi, name));
    }
    BenchServer server = new BenchServer(folder, EmbeddedDatabase.in(folder));
    if (planning) {
      Jdbi jdbi = Jdbi.create(server.database.jdbcUrl("postgres"));
      run(jdbi, "track_planning");
      run(jdbi, "reload");
    }
    return server;
  }

  /** Creates an empty database, named after what it is for. */
  public BenchDatabase fresh(String purpose) {
    databases++;
    String name = "%s_%d".formatted(purpose.replaceAll("[^a-z]", "_"), databases);
    String url = database.create(name);
    Jdbi observer = observer(name);
    List.of("create_statistics", "create_log_reader")
        .forEach(extension -> run(observer, extension));
    return new BenchDatabase(name, url, observer, cpu);
  }

  /**
   * Creates a database like another one, file by file.
   *
   * @param like what nobody may be connected to
   */
  public BenchDatabase copy(BenchDatabase like, String purpose) {
    databases++;
    String name = "%s_%d".formatted(purpose.replaceAll("[^a-z]", "_"), databases);
    administer("copy", Map.of("name", name, "like", like.name()));
    return new BenchDatabase(name, database.jdbcUrl(name), observer(name), cpu);
  }

  /** Deletes a database with all that is in it; whoever is connected is cut off. */
  public void drop(BenchDatabase gone) {
    administer("drop", Map.of("name", gone.name()));
  }

  /** The server's version, such as 18.1. */
  public String version() {
    return Jdbi.create(database.jdbcUrl("postgres"))
        .withHandle(handle -> handle.createQuery(SQL.get("version")).mapTo(String.class).one());
  }

  @Override
  public void close() {
    database.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder, e);
    }
  }

  private void administer(String statement, Map<String, String> names) {
    try (Handle handle = Jdbi.create(database.jdbcUrl("postgres")).open()) {
      Update update = handle.createUpdate(SQL.get(statement));
      names.forEach(update::define);
      update.execute();
    }
  }

  private Jdbi observer(String name) {
    return Jdbi.create(
        "jdbc:postgresql://127.0.0.1:%d/%s?user=%s".formatted(database.port(), name, OBSERVER));
  }

  static void run(Jdbi jdbi, String name) {
    jdbi.useHandle(handle -> handle.execute(SQL.get(name)));
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("carillon-bench-");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a temporary folder", e);
    }
  }
}
