package dev.carillon.server.demo;

import dev.carillon.postgres.Database;
import dev.carillon.server.demo.refresh.RefreshDemoCommand;
import dev.carillon.server.demo.view.ViewDemoCommand;
import dev.carillon.testkit.EmbeddedDatabase;
import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code carillon demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    subcommands = {RefreshDemoCommand.class, ViewDemoCommand.class},
    description =
        "Live through a year of birthdays in every time zone, on an embedded database of its own, "
            + "with a receiver that fails on purpose and 36 hours of downtime. "
            + "Exit code 1 if one message is lost, doubled or at another time than it should be.")
public final class DemoCommand implements Callable<Integer> {

  static final int MAX_USERS = 5_000_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--users",
      paramLabel = "N",
      defaultValue = "10000",
      description = "how many users, 1 to " + MAX_USERS + " (default: ${DEFAULT-VALUE})")
  private int users;

  /** Made by the command line. */
  public DemoCommand() {
    this.spec = CommandSpec.create();
  }

  @Override
  public Integer call() throws InterruptedException {
    if (users < 1 || users > MAX_USERS) {
      throw new ParameterException(
          spec.commandLine(), "--users must be from 1 to %d, not %d".formatted(MAX_USERS, users));
    }
    PrintStream people = System.err;
    people.println("starting an embedded PostgreSQL and a webhook receiver on 127.0.0.1 ...");
    try (EmbeddedDatabase server = EmbeddedDatabase.temporary();
        Database database = Database.open(Database.Address.of(server.create("demo")))) {
      database.migrate();
      Progress progress = new Progress(people, isTerminal());
      try (YearOfBirthdays year = new YearOfBirthdays(database, users, progress)) {
        Report report = year.run();
        System.out.println(report.table());
        return report.isFlawless() ? 0 : 1;
      }
    }
  }

  private static boolean isTerminal() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }
}
