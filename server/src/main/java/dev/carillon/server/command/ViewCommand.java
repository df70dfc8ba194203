package dev.carillon.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.server.http.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code carillon view}. */
@Command(
    name = "view",
    mixinStandardHelpOptions = true,
    description = "Keep views fresh, and see how fresh they are.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ViewCommand.All.class,
      ViewCommand.Show.class,
      ViewCommand.Refresh.class,
      ViewRowsCommand.class,
      ViewMakingCommands.Create.class,
      ViewCommand.Drop.class,
      ViewMakingCommands.Explain.class
    })
final class ViewCommand implements Runnable {

  static final String VIEWS = "/v1/views";

  private static final int INVALID = 2;

  @Override
  public void run() {
    throw new CommandFailed(INVALID, "a command is needed: see carillon view --help");
  }

  static String path(String name) {
    return VIEWS + "/" + ServerClient.encoded(name);
  }

  /** A view's fields, how fresh it is among them. */
  static void printView(JsonNode view, ServerOptions to) {
    ObjectNode flat = Json.object();
    for (Map.Entry<String, JsonNode> field : view.properties()) {
      if (field.getKey().equals("freshness") && field.getValue().isObject()) {
        flat.setAll((ObjectNode) field.getValue());
      } else if (!field.getKey().equals("history")) {
        flat.set(field.getKey(), field.getValue());
      }
    }
    Table.printFields(to.out(), flat);
  }

  /** {@code carillon view list}. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List the views, and how fresh each is.")
  static final class All extends Verb {

    @Override
    JsonNode ask(ServerClient client) {
      return client.get(VIEWS);
    }

    @Override
    void print(JsonNode answer, ServerOptions to) {
      Table table = new Table("NAME", "TIER", "AS OF", "LAG", "PENDING", "EXACT", "STATE");
      for (JsonNode view : answer.path("views")) {
        JsonNode freshness = view.path("freshness");
        table.add(
            view.path("name").asText(),
            view.path("tier").asText(),
            freshness.path("as_of").asText("never filled"),
            freshness.path("lag_ms").asText("") + (freshness.has("lag_ms") ? " ms" : ""),
            Table.text(freshness.path("pending_changes")),
            freshness.path("exact").asBoolean() ? "yes" : "no",
            state(view));
      }
      table.print(to.out());
    }

    private static String state(JsonNode view) {
      if (view.path("stale").asBoolean()) {
        return "STALE: " + view.path("stale_reason").asText();
      }
      if (view.path("failures").asInt() > 0) {
        return "FAILING: " + view.path("last_error").asText();
      }
      String reason = Table.text(view.path("freshness").path("reason"));
      return reason.isEmpty() ? "fresh" : "not exact: " + reason;
    }
  }

  /** What is done with one view. */
  abstract static class OfView extends Verb {

    @Parameters(index = "0", paramLabel = "NAME", description = "which view")
    private String name = "";

    String path() {
      return ViewCommand.path(name);
    }

    String name() {
      return name;
    }
  }

  /** {@code carillon view show}. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Show a view, how fresh it is, and its last refreshes.")
  static final class Show extends OfView {

    @Option(
        names = "--history",
        paramLabel = "N",
        defaultValue = "10",
        description = "the last refreshes, 1 to 500 (${DEFAULT-VALUE})")
    private int history;

    @Override
    JsonNode ask(ServerClient client) {
      JsonNode view = client.get(path());
      JsonNode past = client.get(path() + "/history?limit=" + history);
      return Json.object().setAll(fields(view, past));
    }

    private static Map<String, JsonNode> fields(JsonNode view, JsonNode past) {
      Map<String, JsonNode> fields = new LinkedHashMap<>();
      view.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
      fields.put("history", past.path("history"));
      return fields;
    }

    @Override
    void print(JsonNode answer, ServerOptions to) {
      printView(answer, to);
      if (!answer.path("history").isEmpty()) {
        to.out().println();
        printHistory(answer.path("history"), to);
      }
    }

    private static void printHistory(JsonNode history, ServerOptions to) {
      Table table = new Table("ENDED", "BY", "OUTCOME", "TOOK", "ROWS", "NOTE");
      for (JsonNode one : history) {
        table.add(
            one.path("ended_at").asText(),
            one.path("source").asText(),
            one.path("outcome").asText(),
            one.path("duration_ms").asText() + " ms",
            Table.text(one.path("rows")),
            Table.text(one.path("note")));
      }
      table.print(to.out());
    }
  }

  /** {@code carillon view refresh}. */
  @Command(
      name = "refresh",
      mixinStandardHelpOptions = true,
      description = "Bring a view up to date now, and say what it holds.")
  static final class Refresh extends OfView {

    @Override
    JsonNode ask(ServerClient client) {
      return client
          .sendLong("POST", path() + "/refresh", Json.object().put("source", "manual"))
          .good();
    }

    @Override
    void print(JsonNode answer, ServerOptions to) {
      Table.printFields(to.out(), answer);
    }
  }

  /** {@code carillon view drop}. */
  @Command(
      name = "drop",
      mixinStandardHelpOptions = true,
      description = "Drop a view with all that was made for it.")
  static final class Drop extends OfView {

    @Override
    JsonNode ask(ServerClient client) {
      client.sendLong("DELETE", path(), null).good();
      return Json.object().put("dropped", name());
    }

    @Override
    void print(JsonNode answer, ServerOptions to) {
      to.out().println("dropped " + answer.path("dropped").asText());
    }
  }
}
