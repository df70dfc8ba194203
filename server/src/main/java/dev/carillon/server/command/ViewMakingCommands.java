package dev.carillon.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.server.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How views are made: {@code carillon view create} and {@code explain}. */
final class ViewMakingCommands {

  private static final int INVALID = 2;

  private ViewMakingCommands() {}

  /** A query on the command line or in a file. */
  static final class QueryText {

    @Option(names = "--query", paramLabel = "SQL", description = "what the view shows: a SELECT")
    private @Nullable String query;

    @Option(names = "--file", paramLabel = "FILE", description = "a file with the query")
    private @Nullable Path file;

    @Nullable String text() {
      if (file == null) {
        return query;
      }
      try {
        return Files.readString(file);
      } catch (IOException e) {
        throw new CommandFailed(
            INVALID, "--file: %s cannot be read as a text in UTF-8".formatted(file));
      }
    }
  }

  /** How a view is kept. */
  static final class Keeping {

    @Option(
        names = "--incremental",
        description =
            "keep it by the changes, never refresh it whole: exact at every read, or run again for"
                + " what was touched, whichever is the best that its query allows")
    private boolean incremental;

    @Option(
        names = "--tier",
        paramLabel = "TIER",
        description = "keep it one way only: ledger, keyed or full")
    private @Nullable String tier;
  }

  /** {@code carillon view create}. */
  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description =
          "Make a view and keep it fresh; without a query, register a materialized view that is"
              + " there.")
  static final class Create extends Verb {

    @Parameters(index = "0", paramLabel = "NAME", description = "what it is to be called")
    private String name = "";

    @ArgGroup private @Nullable QueryText query;

    @ArgGroup private Keeping keeping = new Keeping();

    @Option(
        names = "--key",
        paramLabel = "COLUMN",
        split = ",",
        description = "columns that tell rows apart: they get a unique index")
    private List<String> keys = new ArrayList<>();

    @Option(
        names = "--interval",
        paramLabel = "TIME",
        description = "how often it is to be refreshed (1m)")
    private @Nullable String interval;

    @Option(
        names = "--objective",
        paramLabel = "TIME",
        description = "how old an answer may be before it counts as stale (5m)")
    private @Nullable String objective;

    @Override
    JsonNode ask(ServerClient client) {
      ObjectNode body = Json.object().put("name", name);
      if (keeping.tier == null) {
        body.put("incremental", keeping.incremental);
      } else {
        body.put("tier", keeping.tier);
      }
      body.put("query", query == null ? null : query.text());
      body.put("interval", interval).put("objective", objective);
      ArrayNode columns = body.putArray("keys");
      keys.forEach(columns::add);
      return client.sendLong("POST", ViewCommand.VIEWS, body).good();
    }

    @Override
    void print(JsonNode answer, ServerOptions to) {
      ViewCommand.printView(answer, to);
      if (answer.path("freshness").isNull()) {
        to.out()
            .println(
                "It is empty until its first refresh: by its schedule, or carillon view refresh "
                    + answer.path("name").asText());
      }
    }
  }

  /** {@code carillon view explain}. */
  @Command(
      name = "explain",
      mixinStandardHelpOptions = true,
      description =
          "Say how fresh a query can be kept, why not fresher, and what to change. Changes nothing.")
  static final class Explain extends Verb {

    @Parameters(
        index = "0",
        arity = "0..1",
        paramLabel = "NAME",
        description = "a view that is there, instead of a query")
    private @Nullable String name;

    @ArgGroup private @Nullable QueryText query;

    @Option(
        names = "--key",
        paramLabel = "COLUMN",
        split = ",",
        description = "columns that tell rows apart; without, they are found")
    private List<String> keys = new ArrayList<>();

    @Override
    JsonNode ask(ServerClient client) {
      String text = query == null ? null : query.text();
      if ((text == null) == (name == null)) {
        throw new CommandFailed(INVALID, "NAME, --query or --file is needed, one of them");
      }
      ObjectNode body = Json.object();
      if (text == null) {
        JsonNode view = client.get(ViewCommand.path(name()));
        body.put("query", view.path("query").asText());
        view.path("key_columns").forEach(column -> body.withArray("keys").add(column));
      } else {
        body.put("query", text);
      }
      if (!keys.isEmpty()) {
        ArrayNode columns = body.putArray("keys");
        keys.forEach(columns::add);
      }
      return client.sendLong("POST", ViewCommand.VIEWS + "/explain", body).good();
    }

    private String name() {
      return name == null ? "" : name;
    }

    @Override
    void print(JsonNode answer, ServerOptions to) {
      String tier = answer.path("tier").asText();
      to.out()
          .println(
              tier
                  + switch (tier) {
                    case "ledger" -> ": exact at every read (--incremental)";
                    case "keyed" -> ": run again for what was touched (--incremental)";
                    default -> ": run again whole, at each refresh";
                  });
      if (tier.equals("keyed")) {
        to.out()
            .println(
                Table.printable("  runs the query for each touched " + words(answer.path("keys"))));
      }
      String verb = tier.equals("ledger") ? "keeps" : "a ledger could keep";
      for (JsonNode part : answer.path("parts")) {
        to.out()
            .println(
                Table.printable(
                    "  %s counts of %s by %s"
                        .formatted(verb, part.path("source").asText(), words(part.path("keys")))));
      }
      for (JsonNode obstacle : answer.path("obstacles")) {
        to.out()
            .println(
                Table.printable(
                    "  not %s: %s. %s"
                        .formatted(
                            obstacle.path("tier").asText(),
                            obstacle.path("reason").asText(),
                            obstacle.path("hint").asText())));
      }
    }

    private static String words(JsonNode names) {
      return names.isEmpty()
          ? "nothing"
          : StreamSupport.stream(names.spliterator(), false)
              .map(JsonNode::asText)
              .collect(Collectors.joining(", "));
    }
  }
}
