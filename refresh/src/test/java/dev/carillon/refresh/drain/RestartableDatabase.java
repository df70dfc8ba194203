package dev.carillon.refresh.drain;

import dev.carillon.postgres.Database;
import dev.carillon.testkit.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A PostgreSQL server of a test's own, which can be killed and started again at its port. */
final class RestartableDatabase implements AutoCloseable {

  private final EmbeddedDatabase server = EmbeddedDatabase.forTests();
  private final String url = server.create("restarted");
  private final Path folder;
  private final ProcessHandle first;
  private final List<String> command;
  private Optional<Process> second = Optional.empty();

  RestartableDatabase() throws IOException {
    try (Database database = open()) {
      database.migrate();
      String directory =
          database
              .jdbi()
              .withHandle(
                  handle -> handle.createQuery("SHOW data_directory").mapTo(String.class).one());
      folder = Path.of(directory);
    }
    long pid = Long.parseLong(Files.readAllLines(folder.resolve("postmaster.pid")).getFirst());
    first = ProcessHandle.of(pid).orElseThrow();
    command = command(Files.readString(folder.resolve("postmaster.opts")).strip());
  }

  Database open() {
    return Database.open(Database.Address.of(url));
  }

  /**
   * Kills the server, with all its processes, as SIGQUIT does: it has no time to write anything.
   */
  void kill() throws IOException {
    new ProcessBuilder("kill", "-QUIT", Long.toString(first.pid())).inheritIO().start();
    Rig.until(() -> !first.isAlive());
  }

  /** Starts it again; it replays its log. */
  void start() throws IOException {
    Files.deleteIfExists(folder.resolve("postmaster.pid"));
    second =
        Optional.of(
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
  }

  @Override
  public void close() {
    second.ifPresent(Process::destroy);
    second.ifPresent(process -> Rig.until(() -> !process.isAlive()));
    server.close();
  }

  /** PostgreSQL does not run as root: in a user namespace of its own it is not. */
  private static List<String> command(String written) {
    List<String> words = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      words.addAll(List.of("unshare", "-U"));
    }
    Pattern.compile(" (?=\")")
        .splitAsStream(written)
        .map(word -> word.replace("\"", ""))
        .forEach(words::add);
    return words;
  }
}
