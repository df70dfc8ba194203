package dev.carillon.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code carillon cache}. */
@Command(
    name = "cache",
    mixinStandardHelpOptions = true,
    description =
        "Show how fresh every view is, and how fast it is refreshed. Exit code 1 if one is stale.")
final class CacheCommand implements Callable<Integer> {

  @Mixin private ServerOptions server = new ServerOptions();

  @Override
  public Integer call() {
    try (ServerClient client = server.client()) {
      JsonNode status = client.get("/v1/cache/status");
      if (!server.printed(status)) {
        print(status);
      }
      return status.path("stale").asLong() == 0 ? 0 : 1;
    }
  }

  private void print(JsonNode status) {
    Table table =
        new Table(
            "VIEW",
            "TIER",
            "AGE",
            "STATE",
            "RATING",
            "TOOK",
            "PENDING",
            "REFRESHED",
            "FAILED",
            "WHY");
    for (JsonNode view : status.path("views")) {
      table.add(
          view.path("view").asText(),
          view.path("tier").asText(),
          unit(view.path("staleness_seconds"), " s"),
          state(view),
          Table.text(view.path("rating")),
          unit(view.path("last_duration_ms"), " ms"),
          Table.text(view.path("pending_changes")),
          view.path("refreshes").asText(),
          view.path("failures").asText(),
          why(view));
    }
    table.print(server.out());
    server.out().flush();
  }

  private static String state(JsonNode view) {
    if (view.path("stale").asBoolean()) {
      return "STALE";
    }
    return view.path("exact").asBoolean() ? "fresh" : "not exact";
  }

  private static String why(JsonNode view) {
    String reason = Table.text(view.path("reason"));
    return reason.isEmpty() ? Table.text(view.path("last_error")) : reason;
  }

  private static String unit(JsonNode value, String unit) {
    String text = Table.text(value);
    return text.isEmpty() ? "" : text + unit;
  }
}
