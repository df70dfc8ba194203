package dev.carillon.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code carillon schedule update}. */
@Command(
    name = "update",
    mixinStandardHelpOptions = true,
    description = "Change what is given of a schedule; what it did not fire yet follows at once.",
    footer = {
      "",
      "A flag that is repeatable replaces the whole list. A field goes back to its default by a",
      "--file in which it is null. For example: carillon schedule update invoices --zone Asia/Tokyo"
    })
final class ScheduleUpdateCommand extends ScheduleVerbs.OfSchedule {

  private static final int INVALID = 2;

  @Mixin private ScheduleFlags flags = new ScheduleFlags();

  @Override
  JsonNode ask(ServerClient client, ScheduleRef ref) {
    ObjectNode body = flags.body();
    if (body.isEmpty()) {
      throw new CommandFailed(INVALID, "nothing to change: give a flag, such as --zone");
    }
    return client.send("PATCH", ref.path(""), body).good();
  }

  @Override
  void print(JsonNode answer, ServerOptions to) {
    to.out().println("updated " + ScheduleVerbs.name(answer) + ScheduleVerbs.next(answer));
  }
}
