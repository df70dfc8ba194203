package dev.carillon.server.command;

import dev.carillon.postgres.Database;
import dev.carillon.server.settings.Settings;
import dev.carillon.server.wiring.Serving;
import dev.carillon.testkit.EmbeddedDatabase;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that works on the database itself: a server may run, or not. */
abstract class DatabaseVerb implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Mixin private SettingsOptions options = new SettingsOptions();

  @Override
  public final Integer call() {
    check();
    Settings settings = options.read(System.getenv(), Map.of());
    if (!makesDatabase() && !Serving.hasDatabase(settings)) {
      throw new CommandFailed(
          1,
          "there is no database in %s: set DATABASE_URL, or --data"
              .formatted(settings.data().toAbsolutePath().normalize()));
    }
    try (Serving serving = open(settings)) {
      return run(serving.database());
    } catch (JdbiException e) {
      throw new CommandFailed(1, words(e));
    }
  }

  /** Refuses flags that do not go together. */
  abstract void check();

  /** Whether it begins with an empty embedded database where there is none. */
  abstract boolean makesDatabase();

  abstract int run(Database database);

  void say(String line) {
    out().println(line);
    out().flush();
  }

  PrintWriter out() {
    return spec().commandLine().getOut();
  }

  private Serving open(Settings settings) {
    try {
      return Serving.connect(settings);
    } catch (EmbeddedDatabase.InUse e) {
      String reach =
          e.port().isEmpty()
              ? ""
              : ", or reach the database while it runs: DATABASE_URL=postgresql://postgres@127.0.0.1:%d/postgres %s"
                  .formatted(e.port().getAsInt(), spec().qualifiedName());
      throw new CommandFailed(
          1, "%s: stop the server that runs there%s".formatted(e.getMessage(), reach));
    }
  }

  private CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("a command runs in a command line");
    }
    return spec;
  }

  /** What the database said, without our statement. */
  private static String words(JdbiException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return "the database refuses: " + sql.getMessage();
      }
    }
    return String.valueOf(e.getMessage());
  }
}
