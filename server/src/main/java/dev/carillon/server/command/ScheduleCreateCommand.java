package dev.carillon.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code carillon schedule create}. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    description = "Make a schedule.",
    footer = {
      "",
      "For example: carillon schedule create --name invoices --expression 'cron(0 9 L * ? *)'",
      "  --zone Europe/Paris --target '{\"kind\": \"webhook\"}'"
    })
final class ScheduleCreateCommand implements Callable<Integer> {

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private ScheduleFlags flags = new ScheduleFlags();

  @Option(names = "--paused", description = "it fires when it is resumed, not before")
  private boolean paused;

  @Override
  public Integer call() {
    ObjectNode body = flags.body();
    if (paused) {
      body.put("enabled", false);
    }
    try (ServerClient client = server.client()) {
      JsonNode made = client.send("POST", ScheduleRef.SCHEDULES, body).good();
      if (!server.printed(made)) {
        server
            .out()
            .println(
                "created %s (%s)%s"
                    .formatted(
                        ScheduleVerbs.name(made),
                        made.path("id").asText(),
                        ScheduleVerbs.next(made)));
        server.out().flush();
      }
      return 0;
    }
  }
}
