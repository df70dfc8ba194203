package dev.carillon.server.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.postgres.Database;
import dev.carillon.server.http.Json;
import dev.carillon.view.doctor.Advice;
import dev.carillon.view.doctor.Doctor;
import dev.carillon.view.doctor.Examination;
import dev.carillon.view.doctor.Remedy;
import dev.carillon.view.doctor.Severity;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code carillon doctor}. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Look at the database, and say what makes it slow or soon will, with the SQL to run: indexes,"
          + " statistics, views, bloat, old transactions, autovacuum, what suits as many jobs.",
      "Reads only. What this role may not see it says.",
      "Exit code 0 if nothing has to be done, 1 after warnings or if it could not look, 2 after"
          + " problems."
    })
final class DoctorCommand extends DatabaseVerb {

  private static final List<Severity> WORST_FIRST =
      Arrays.stream(Severity.values()).sorted(Comparator.reverseOrder()).toList();

  @Option(names = "--json", description = "print JSON, for programs")
  private boolean json;

  @Override
  void check() {
    // Its flags go together.
  }

  @Override
  boolean makesDatabase() {
    return false;
  }

  @Override
  int run(Database database) {
    Examination found = new Doctor(database.jdbi()).examine();
    if (json) {
      say(json(found).toString());
    } else {
      print(found);
    }
    return found.exitCode();
  }

  private void print(Examination found) {
    for (Severity severity : WORST_FIRST) {
      List<Advice> some = of(found, severity);
      if (!some.isEmpty()) {
        say(severity.word().toUpperCase(Locale.ROOT));
        some.forEach(severity == Severity.OK ? this::printShort : this::print);
        say("");
      }
    }
    say(
        WORST_FIRST.stream()
            .map(severity -> "%d %s".formatted(of(found, severity).size(), severity.word()))
            .collect(Collectors.joining(", ")));
  }

  private void printShort(Advice one) {
    say("  %s: %s".formatted(one.check(), Table.printable(one.finding())));
  }

  private void print(Advice one) {
    printShort(one);
    say("    " + one.reason());
    for (Remedy remedy : one.remedies()) {
      String text = Table.printable(remedy.text());
      switch (remedy.kind()) {
        case SQL -> say("      %s;".formatted(text));
        case COMMAND -> say("      $ %s".formatted(text));
      }
    }
  }

  private static List<Advice> of(Examination found, Severity severity) {
    return found.advice().stream().filter(one -> one.severity() == severity).toList();
  }

  private static ObjectNode json(Examination found) {
    ObjectNode all = Json.object().put("severity", found.worst().word());
    ArrayNode list = all.putArray("advice");
    for (Advice one : found.advice()) {
      ObjectNode each =
          list.addObject()
              .put("check", one.check())
              .put("severity", one.severity().word())
              .put("finding", one.finding())
              .put("reason", one.reason());
      ArrayNode remedies = each.putArray("remedies");
      one.remedies()
          .forEach(remedy ->
              remedies
                  .addObject()
                  .put("kind", remedy.kind().name().toLowerCase(Locale.ROOT))
                  .put("text", remedy.text()));
    }
    return all;
  }
}
