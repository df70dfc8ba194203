package dev.carillon.server.command;

import dev.carillon.postgres.Database;
import dev.carillon.server.wiring.Optimising;
import dev.carillon.view.optimisation.Optimisations;
import dev.carillon.view.optimisation.Report;
import dev.carillon.view.optimisation.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code carillon migrate}. */
@Command(
    name = "migrate",
    mixinStandardHelpOptions = true,
    description = {
      "Bring the database up to date: its tables, then what makes jobs fast (indexes, the view"
          + " job_progress). Works on the database itself, while servers run. Can be repeated, and"
          + " ends what a crash left half done. Deployments made by hand keep their data.",
      "Exit code 1 if something is not as it should be afterwards."
    },
    footer = {
      "",
      "carillon migrate               all but those that must be named",
      "carillon migrate 004           one, by its name or number, with what it stands on",
      "carillon migrate --rollback    remove all of it again; tables and data stay",
      "carillon migrate --rollback 003   remove what comes after 003"
    })
final class MigrateCommand extends DatabaseVerb {

  private static final int INVALID = 2;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "VERSION",
      description = "which one: see --list")
  private @Nullable String version;

  @Option(names = "--list", description = "show what there is and what is applied; change nothing")
  private boolean list;

  @Option(
      names = "--rollback",
      paramLabel = "TO",
      arity = "0..1",
      fallbackValue = "",
      description = "remove all, or what comes after TO; data stays")
  private @Nullable String rollback;

  @Override
  void check() {
    if (list && (version != null || rollback != null)) {
      throw new CommandFailed(INVALID, "--list: nothing else is allowed beside it");
    }
    if (version != null && rollback != null) {
      throw new CommandFailed(
          INVALID, "--rollback: either VERSION or --rollback is allowed; --rollback TO keeps TO");
    }
  }

  @Override
  boolean makesDatabase() {
    return !list && rollback == null;
  }

  @Override
  int run(Database database) {
    Optimisations optimisations = Optimising.of(database);
    if (list) {
      return list(optimisations);
    }
    String name = whole(optimisations, rollback == null ? version : rollback);
    say("tables: migrations applied: %d".formatted(database.migrate()));
    return tell(rollback == null ? migrate(optimisations, name) : remove(optimisations, name));
  }

  private Report migrate(Optimisations optimisations, @Nullable String name) {
    return name == null ? optimisations.migrate(this::say) : optimisations.migrate(name, this::say);
  }

  private Report remove(Optimisations optimisations, @Nullable String name) {
    return name == null
        ? optimisations.rollback(this::say)
        : optimisations.rollback(name, this::say);
  }

  private static @Nullable String whole(Optimisations optimisations, @Nullable String name) {
    if (name == null || name.isEmpty()) {
      return null;
    }
    try {
      return optimisations.named(name);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(INVALID, String.valueOf(e.getMessage()));
    }
  }

  private int list(Optimisations optimisations) {
    Table table = new Table("NAME", "STATE", "WHAT IT IS");
    List<Optimisations.State> states = optimisations.states();
    states.forEach(one -> table.add(one.name(), state(one), one.title()));
    table.print(out());
    for (Optimisations.State one : states) {
      if (!one.onlyByName() && !one.differences().isEmpty()) {
        say("");
        say(one.name() + " lacks:");
        one.differences().forEach(line -> say("  " + Table.printable(line)));
      }
    }
    out().flush();
    return 0;
  }

  private static String state(Optimisations.State one) {
    if (one.differences().isEmpty()) {
      return "applied";
    }
    return one.onlyByName() ? "not applied (by name only)" : "not applied";
  }

  private int tell(Report report) {
    for (Step step : report.steps()) {
      step.left().forEach(line -> say("%s: still so: %s".formatted(step.name(), line)));
    }
    if (!report.nextSteps().isEmpty()) {
      say("");
      say("Next:");
      report.nextSteps().forEach(line -> say("  " + line));
    }
    return report.verified() ? 0 : 1;
  }
}
