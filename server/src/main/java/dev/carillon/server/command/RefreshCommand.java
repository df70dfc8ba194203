package dev.carillon.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.refresh.queue.RefreshQueue;
import dev.carillon.server.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code carillon refresh}. */
@Command(
    name = "refresh",
    mixinStandardHelpOptions = true,
    description = "Keep upstream records fresh, never calling their API faster than it allows.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RefreshCommand.Add.class,
      RefreshDrainCommand.class,
      RefreshCommand.Status.class,
      RefreshCommand.Failures.class,
      RefreshCommand.Redrive.class
    })
final class RefreshCommand implements Runnable {

  static final String REQUESTS = "/v1/refresh-requests";
  static final String SUMMARY = REQUESTS + "/summary";

  private static final String FAILURES = "/v1/refresh-failures";
  private static final int INVALID = 2;

  @Override
  public void run() {
    throw new CommandFailed(INVALID, "a command is needed: see carillon refresh --help");
  }

  /** {@code carillon refresh add}. */
  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = "Ask that records be fetched again, unless they are fresh enough.")
  static final class Add implements Callable<Integer> {

    @Mixin private ServerOptions server = new ServerOptions();

    @Parameters(index = "0", paramLabel = "TYPE", description = "clan, player or war")
    private String type = "";

    @Parameters(
        index = "1..*",
        arity = "1..*",
        paramLabel = "TAG",
        description = "which records, such as '#2PP'; # may be left out")
    private List<String> tags = new ArrayList<>();

    @Option(
        names = "--priority",
        paramLabel = "PRIORITY",
        description =
            "how stale they may be: critical 5 min, high 30 min, medium 2 h, low 8 h"
                + " (war: critical, clan: high, player: medium)")
    private @Nullable String priority;

    @Override
    public Integer call() {
      ObjectNode sum = Json.object();
      ArrayNode invalid = JsonNodeFactory.instance.arrayNode();
      try (ServerClient client = server.client()) {
        for (int from = 0; from < tags.size(); from += RefreshQueue.MAX_BATCH) {
          int to = Math.min(tags.size(), from + RefreshQueue.MAX_BATCH);
          JsonNode answer = client.send("POST", REQUESTS, body(tags.subList(from, to))).good();
          for (String count : List.of("queued", "raised", "kept", "fresh")) {
            sum.put(count, sum.path(count).asInt() + answer.path(count).asInt());
          }
          for (JsonNode one : answer.path("invalid")) {
            invalid.add(told(one, from));
          }
        }
      }
      sum.set("invalid", invalid);
      if (!server.printed(sum)) {
        print(sum);
      }
      return invalid.isEmpty() ? 0 : INVALID;
    }

    private ArrayNode body(List<String> some) {
      ArrayNode list = JsonNodeFactory.instance.arrayNode();
      for (String tag : some) {
        ObjectNode one = list.addObject().put("type", type).put("tag", tag);
        if (priority != null) {
          one.put("priority", priority);
        }
      }
      return list;
    }

    private ObjectNode told(JsonNode one, int from) {
      return Json.object()
          .put("tag", tags.get(from + one.path("index").asInt()))
          .put("reason", one.path("reason").asText());
    }

    private void print(JsonNode sum) {
      server
          .out()
          .println(
              "%d queued, %d raised, %d kept, %d fresh"
                  .formatted(
                      sum.path("queued").asInt(),
                      sum.path("raised").asInt(),
                      sum.path("kept").asInt(),
                      sum.path("fresh").asInt()));
      for (JsonNode one : sum.path("invalid")) {
        server
            .out()
            .println(
                Table.printable(
                    "not %s: %s".formatted(one.path("tag").asText(), one.path("reason").asText())));
      }
      server.out().flush();
    }
  }

  /** {@code carillon refresh status}. */
  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      description = "Show what waits, how fast it is called, and the last drain.")
  static final class Status implements Callable<Integer> {

    @Mixin private ServerOptions server = new ServerOptions();

    @Override
    public Integer call() {
      try (ServerClient client = server.client()) {
        JsonNode state = client.get(SUMMARY);
        if (!server.printed(state)) {
          Table.printFields(server.out(), flat(state));
          server.out().flush();
        }
        return state.path("troubles").isEmpty() ? 0 : 1;
      }
    }

    /** What is nested as text: {@code critical 0, high 1}. */
    private static ObjectNode flat(JsonNode state) {
      ObjectNode flat = Json.object();
      for (Map.Entry<String, JsonNode> field : state.properties()) {
        flat.put(field.getKey(), text(field.getValue()));
      }
      return flat;
    }

    private static String text(JsonNode value) {
      return switch (value.getNodeType()) {
        case OBJECT ->
            value.properties().stream()
                .filter(field -> !field.getValue().isNull())
                .map(field -> field.getKey() + " " + text(field.getValue()))
                .collect(Collectors.joining(", "));
        case ARRAY -> value.valueStream().map(Status::text).collect(Collectors.joining("; "));
        case NUMBER, STRING, BOOLEAN, NULL, MISSING, BINARY, POJO -> Table.text(value);
      };
    }
  }

  /** {@code carillon refresh failures}. */
  @Command(
      name = "failures",
      mixinStandardHelpOptions = true,
      description = "List the calls that failed and were not redriven, the newest first.")
  static final class Failures implements Callable<Integer> {

    private static final int MOST = 500;

    @Mixin private ServerOptions server = new ServerOptions();

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "50",
        description = "at most so many, 1 to " + MOST + " (${DEFAULT-VALUE})")
    private int limit;

    @Override
    public Integer call() {
      if (limit < 1 || limit > MOST) {
        throw new CommandFailed(
            INVALID, "--limit: a number from 1 to %d is allowed".formatted(MOST));
      }
      try (ServerClient client = server.client()) {
        JsonNode page = client.get(FAILURES + "?limit=" + limit);
        if (!server.printed(page)) {
          print(page);
        }
        return 0;
      }
    }

    private void print(JsonNode page) {
      Table table = new Table("ID", "TYPE", "TAG", "PRIORITY", "FAILED", "REASON");
      for (JsonNode each : page.path("failures")) {
        table.add(
            each.path("id").asText(),
            each.path("type").asText(),
            each.path("tag").asText(),
            each.path("priority").asText(),
            each.path("failed_at").asText(),
            each.path("reason").asText());
      }
      table.print(server.out());
      if (page.path("has_more").asBoolean()) {
        server.out().println("and more: --limit");
      }
      server.out().flush();
    }
  }

  /** {@code carillon refresh redrive}. */
  @Command(
      name = "redrive",
      mixinStandardHelpOptions = true,
      description = "Queue calls that failed again.")
  static final class Redrive implements Callable<Integer> {

    @Mixin private ServerOptions server = new ServerOptions();

    @Parameters(
        arity = "1..*",
        paramLabel = "ID",
        description = "as carillon refresh failures says")
    private List<String> ids = new ArrayList<>();

    @Override
    public Integer call() {
      int redriven = 0;
      try (ServerClient client = server.client()) {
        for (String id : ids) {
          String path = FAILURES + "/" + ServerClient.encoded(id) + "/redrive";
          redriven += client.send("POST", path, null).good().path("redriven").asInt();
        }
      }
      if (!server.printed(Json.object().put("redriven", redriven))) {
        server.out().println("redriven " + redriven);
        server.out().flush();
      }
      return 0;
    }
  }
}
