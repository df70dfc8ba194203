package dev.carillon.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code carillon schedule history}. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    description = "Show what came of a schedule's firings, the latest first.")
final class ScheduleHistoryCommand implements Callable<Integer> {

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private ScheduleRef schedule = new ScheduleRef();

  @Option(names = "--only", paramLabel = "WHICH", description = "runs or misses (both)")
  private @Nullable String only;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "1 to 500 (${DEFAULT-VALUE})")
  private int limit;

  @Override
  public Integer call() {
    try (ServerClient client = server.client()) {
      String query = "limit=" + limit + (only == null ? "" : "&only=" + ServerClient.encoded(only));
      JsonNode answer = client.get(schedule.path("/history", query));
      if (!server.printed(answer)) {
        print(answer);
      }
      return 0;
    }
  }

  private void print(JsonNode answer) {
    Table table = new Table("NOMINAL", "STATUS", "KIND", "LATE", "ATTEMPTS", "REASON");
    for (JsonNode each : answer.path("firings")) {
      long count = each.path("count").asLong(1);
      table.add(
          each.path("nominal_at").asText(),
          each.path("status").asText() + (count > 1 ? " x" + count : ""),
          Table.text(each.path("kind")),
          late(each.path("lateness")),
          Table.text(each.path("attempts")),
          Table.text(each.path("reason")));
    }
    table.print(server.out());
    server.out().flush();
  }

  private static String late(JsonNode seconds) {
    return seconds.isNumber() ? String.format(Locale.ROOT, "%.3f s", seconds.doubleValue()) : "";
  }
}
