package dev.carillon.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.server.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code carillon schedule list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "List schedules, the newest first.")
final class ScheduleListCommand implements Callable<Integer> {

  /** How many are asked for at once. */
  static final int PAGE = 500;

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--group", paramLabel = "GROUP", description = "only those of this group")
  private @Nullable String group;

  @Option(names = "--tag", paramLabel = "TAG", description = "only those that carry this tag")
  private @Nullable String tag;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "only those: enabled, paused or ended")
  private @Nullable String state;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "1000",
      description = "at most so many (${DEFAULT-VALUE})")
  private int limit;

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new CommandFailed(2, "--limit: a number from 1 is allowed");
    }
    List<JsonNode> found = new ArrayList<>();
    try (ServerClient client = server.client()) {
      String cursor = "";
      do {
        JsonNode page = client.get(path(Math.min(PAGE, limit - found.size()), cursor));
        page.path("schedules").forEach(found::add);
        cursor = Table.text(page.path("next_cursor"));
      } while (!cursor.isEmpty() && found.size() < limit);
    }
    ObjectNode answer = Json.object();
    found.forEach(answer.putArray("schedules")::add);
    if (!server.printed(answer)) {
      print(found);
    }
    return 0;
  }

  private String path(int most, String cursor) {
    StringBuilder path = new StringBuilder(ScheduleRef.SCHEDULES + "?limit=" + most);
    add(path, "group", group);
    add(path, "tag", tag);
    add(path, "state", state);
    add(path, "cursor", cursor.isEmpty() ? null : cursor);
    return path.toString();
  }

  private static void add(StringBuilder path, String name, @Nullable String value) {
    if (value != null) {
      path.append('&').append(name).append('=').append(ServerClient.encoded(value));
    }
  }

  private void print(List<JsonNode> schedules) {
    Table table = new Table("GROUP", "NAME", "STATE", "EXPRESSION", "ZONE", "NEXT");
    for (JsonNode each : schedules) {
      table.add(
          each.path("group").asText(),
          each.path("name").asText(),
          each.path("state").asText(),
          each.path("expression").asText(),
          each.path("zone").asText(),
          Table.text(each.path("next_at")));
    }
    table.print(server.out());
    server.out().flush();
  }
}
