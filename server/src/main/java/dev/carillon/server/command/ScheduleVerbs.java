package dev.carillon.server.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.server.http.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is done with one schedule: {@code carillon schedule show} and its like. */
final class ScheduleVerbs {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ScheduleVerbs() {}

  /** Asks for something about one schedule. */
  abstract static class OfSchedule extends Verb {

    @Mixin private ScheduleRef schedule = new ScheduleRef();

    @Override
    final JsonNode ask(ServerClient client) {
      return ask(client, schedule);
    }

    abstract JsonNode ask(ServerClient client, ScheduleRef ref);
  }

  /** {@code carillon schedule show}. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Show a schedule, its next times, and how punctual its last runs were.")
  static final class Show extends OfSchedule {
    @Override
    JsonNode ask(ServerClient client, ScheduleRef ref) {
      return client.get(ref.path(""));
    }

    @Override
    void print(JsonNode answer, ServerOptions to) {
      Table.printFields(to.out(), answer);
    }
  }

  /** {@code carillon schedule pause}. */
  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = "Let a schedule fire no more until it is resumed.")
  static final class Pause extends OfSchedule {

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for whoever asks")
    private @Nullable String reason;

    @Override
    JsonNode ask(ServerClient client, ScheduleRef ref) {
      ObjectNode body = Json.object();
      if (reason != null) {
        body.put("reason", reason);
      }
      return client.send("POST", ref.path("/pause"), body).good();
    }

    @Override
    void print(JsonNode answer, ServerOptions to) {
      to.out().println("paused " + name(answer));
    }
  }

  /** {@code carillon schedule resume}. */
  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = "Let a paused schedule fire again, from now on.")
  static final class Resume extends OfSchedule {
    @Override
    JsonNode ask(ServerClient client, ScheduleRef ref) {
      return client.send("POST", ref.path("/resume"), null).good();
    }

    @Override
    void print(JsonNode answer, ServerOptions to) {
      to.out().println("resumed " + name(answer) + next(answer));
    }
  }

  /** {@code carillon schedule run}. */
  @Command(
      name = "run",
      mixinStandardHelpOptions = true,
      description = "Run a schedule now, whether it is enabled or not.")
  static final class Run extends OfSchedule {

    @Option(
        names = "--input",
        paramLabel = "TEXT",
        description = "what its target is handed, in place of its own input; JSON or a text")
    private @Nullable String input;

    @Override
    JsonNode ask(ServerClient client, ScheduleRef ref) {
      ObjectNode body = Json.object();
      if (input != null) {
        body.put("input", input);
      }
      return client.send("POST", ref.path("/run"), body).good();
    }

    @Override
    void print(JsonNode answer, ServerOptions to) {
      to.out().println("run " + answer.path("run").asText() + " is due");
    }
  }

  /** {@code carillon schedule backfill}. */
  @Command(
      name = "backfill",
      mixinStandardHelpOptions = true,
      description =
          "Run the nominal times of a past range in their order, from now on. A time whose"
              + " backfill has not ended is not run twice.")
  static final class Backfill extends OfSchedule {

    @Option(
        names = "--from",
        required = true,
        paramLabel = "INSTANT",
        description = "the first time, such as 2027-01-01T00:00:00Z")
    private String from = "";

    @Option(
        names = "--to",
        required = true,
        paramLabel = "INSTANT",
        description = "the last time; not in the future")
    private String to = "";

    @Override
    JsonNode ask(ServerClient client, ScheduleRef ref) {
      ObjectNode range = Json.object().put("from", from).put("to", to);
      return client.send("POST", ref.path("/backfill"), range).good();
    }

    @Override
    void print(JsonNode answer, ServerOptions to) {
      int runs = answer.path("runs").asInt();
      to.out().println(runs == 1 ? "1 run is due" : runs + " runs are due");
    }
  }

  /** {@code carillon schedule explain}. */
  @Command(
      name = "explain",
      mixinStandardHelpOptions = true,
      description = "Say why a schedule did not run, or that it does.")
  static final class Explain extends OfSchedule {
    @Override
    JsonNode ask(ServerClient client, ScheduleRef ref) {
      return client.get(ref.path("/explain"));
    }

    @Override
    void print(JsonNode answer, ServerOptions to) {
      to.out().println(Table.printable(answer.path("explanation").asText()));
    }
  }

  /** {@code carillon schedule delete}. */
  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Delete a schedule and cancel its runs, also those under way.")
  static final class Delete extends OfSchedule {
    @Override
    JsonNode ask(ServerClient client, ScheduleRef ref) {
      JsonNode before = client.get(ref.path(""));
      client.send("DELETE", ref.path(""), null).good();
      return Json.object().put("deleted", before.path("id").asText());
    }

    @Override
    void print(JsonNode answer, ServerOptions to) {
      to.out().println("deleted " + answer.path("deleted").asText());
    }
  }

  static String name(JsonNode schedule) {
    return Table.printable(schedule.path("group").asText() + "/" + schedule.path("name").asText());
  }

  static String next(JsonNode schedule) {
    String at = Table.text(schedule.path("next_at"));
    return at.isEmpty() ? "" : ", next at " + at;
  }

  /** A JSON object that a flag says. */
  static ObjectNode object(String flag, String text) {
    try {
      if (JSON.readTree(text) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      // Told below.
    }
    throw new CommandFailed(2, flag + ": a JSON object is allowed");
  }
}
