package dev.carillon.server.command;

import dev.carillon.server.demo.DemoCommand;
import dev.carillon.server.settings.InvalidSettings;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code carillon}: all commands. Exit codes are 0 for success, 2 for bad usage and 1 for failure;
 * errors are lines for people on standard error.
 */
@Command(
    name = "carillon",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Runs work on time, on the PostgreSQL a team already has.",
    subcommands = {
      DemoCommand.class,
      ReceiveCommand.class,
      ServeCommand.class,
      TokenCommand.class,
      BirthdayCommand.class,
      ScheduleCommand.class,
      CalendarCommand.class,
      RefreshCommand.class,
      ViewCommand.class,
      JobCommand.class,
      CacheCommand.class,
      MigrateCommand.class,
      DoctorCommand.class,
      EndpointCommand.class,
      WebhookCommand.class
    })
public final class Commands implements Callable<Integer> {

  private static final int USAGE = 2;
  private static final int FAILURE = 1;

  // A mistyped flag makes its secret an unknown argument, which the parser would repeat.
  private static final Pattern SECRET = Pattern.compile("(whsec_|whsk_)[A-Za-z0-9+/=]+");

  @Spec private @Nullable CommandSpec spec;

  /** The command line, ready to execute. */
  public static CommandLine commandLine() {
    return commandLine(new CommandLine(new Commands()));
  }

  /** A command, ready to execute. */
  static CommandLine commandLine(CommandLine command) {
    return command
        .setParameterExceptionHandler((e, _) -> misused(e))
        .setExecutionExceptionHandler((e, line, _) -> failed(e, line.getErr()));
  }

  @Override
  public Integer call() {
    if (spec != null) {
      spec.commandLine().usage(spec.commandLine().getErr());
    }
    return USAGE;
  }

  private static int misused(ParameterException e) {
    CommandLine command = e.getCommandLine();
    say(command.getErr(), e.getMessage());
    command
        .getErr()
        .println("Try '%s --help'.".formatted(command.getCommandSpec().qualifiedName()));
    return USAGE;
  }

  private static int failed(Exception e, PrintWriter err) {
    say(err, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    return switch (e) {
      case InvalidSettings _ -> USAGE;
      case CommandFailed failed -> failed.exitCode();
      default -> FAILURE;
    };
  }

  private static void say(PrintWriter err, @Nullable String message) {
    SECRET
        .matcher(String.valueOf(message))
        .replaceAll("$1...")
        .lines()
        .forEach(line -> err.println("carillon: " + line));
    err.flush();
  }
}
