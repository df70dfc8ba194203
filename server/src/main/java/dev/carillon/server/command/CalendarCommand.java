package dev.carillon.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.schedule.Names;
import dev.carillon.server.http.Json;
import dev.carillon.server.http.MediaTypes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code carillon calendar}. */
@Command(
    name = "calendar",
    mixinStandardHelpOptions = true,
    description = "Keep named lists of dates on which schedules that name them do not fire.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      CalendarCommand.Listing.class,
      CalendarCommand.Show.class,
      CalendarCommand.Put.class,
      CalendarCommand.Delete.class
    })
final class CalendarCommand implements Runnable {

  private static final int INVALID = 2;
  private static final String CALENDARS = "/v1/calendars";

  @Override
  public void run() {
    throw new CommandFailed(INVALID, "a command is needed: see carillon calendar --help");
  }

  /** Which calendar a command is about. */
  static final class Name {

    @Parameters(paramLabel = "NAME", description = Names.ALLOWED)
    private String name = "";

    String path() {
      if (name.isEmpty()) {
        throw new CommandFailed(INVALID, "NAME: " + Names.ALLOWED + " are allowed");
      }
      return CALENDARS + "/" + ServerClient.encoded(name);
    }
  }

  /** {@code carillon calendar list}. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List calendars by name, without their dates.")
  static final class Listing extends Verb {

    @Override
    JsonNode ask(ServerClient client) {
      ObjectNode all = Json.object();
      var calendars = all.putArray("calendars");
      String cursor = "";
      do {
        String from = cursor.isEmpty() ? "" : "&cursor=" + ServerClient.encoded(cursor);
        JsonNode page = client.get(CALENDARS + "?limit=" + ScheduleListCommand.PAGE + from);
        page.path("calendars").forEach(calendars::add);
        cursor = Table.text(page.path("next_cursor"));
      } while (!cursor.isEmpty());
      return all;
    }

    @Override
    void print(JsonNode answer, ServerOptions to) {
      Table table = new Table("NAME", "DATES", "SOURCE", "UPDATED");
      for (JsonNode each : answer.path("calendars")) {
        table.add(
            each.path("name").asText(),
            each.path("count").asText(),
            Table.text(each.path("source")),
            each.path("updated_at").asText());
      }
      table.print(to.out());
    }
  }

  /** {@code carillon calendar show}. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Show a calendar and its dates.")
  static final class Show extends Verb {

    @Mixin private Name calendar = new Name();

    @Override
    JsonNode ask(ServerClient client) {
      return client.get(calendar.path());
    }

    @Override
    void print(JsonNode answer, ServerOptions to) {
      Table.printFields(to.out(), answer);
    }
  }

  /** {@code carillon calendar put}. */
  @Command(
      name = "put",
      mixinStandardHelpOptions = true,
      description = "Make or replace a calendar: of dates, of an iCalendar file, or of a URL.")
  static final class Put extends Verb {

    @Mixin private Name calendar = new Name();

    @Option(
        names = "--date",
        paramLabel = "DATE",
        description = "one of its dates, such as 2027-12-25; repeatable")
    private List<String> dates = new ArrayList<>();

    @Option(
        names = "--ics",
        paramLabel = "FILE",
        description = "an iCalendar file, whose whole-day events count; - for standard input")
    private @Nullable Path ics;

    @Option(
        names = "--fetch",
        paramLabel = "URL",
        description = "where an iCalendar file is fetched, now and again every 24 hours")
    private @Nullable String fetch;

    @Override
    JsonNode ask(ServerClient client) {
      int sources = (dates.isEmpty() ? 0 : 1) + (ics == null ? 0 : 1) + (fetch == null ? 0 : 1);
      if (sources != 1) {
        throw new CommandFailed(INVALID, "--date, --ics or --fetch: one of them is needed");
      }
      if (ics != null) {
        String text = ScheduleFlags.read(ics);
        return client.put(calendar.path(), MediaTypes.ICALENDAR, text).good();
      }
      ObjectNode body = Json.object();
      if (fetch == null) {
        dates.forEach(body.putArray("dates")::add);
      } else {
        body.put("url", fetch);
      }
      return client.send("PUT", calendar.path(), body).good();
    }

    @Override
    void print(JsonNode answer, ServerOptions to) {
      int leftOut = answer.path("left_out").asInt();
      to.out()
          .println(
              "%s has %d dates%s"
                  .formatted(
                      Table.printable(answer.path("name").asText()),
                      answer.path("count").asInt(),
                      leftOut == 0 ? "" : ", %d events were left out".formatted(leftOut)));
    }
  }

  /** {@code carillon calendar delete}. */
  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Delete a calendar that no schedule names.")
  static final class Delete extends Verb {

    @Mixin private Name calendar = new Name();

    @Override
    JsonNode ask(ServerClient client) {
      client.send("DELETE", calendar.path(), null).good();
      return Json.object().put("deleted", calendar.name);
    }

    @Override
    void print(JsonNode answer, ServerOptions to) {
      to.out().println("deleted " + Table.printable(answer.path("deleted").asText()));
    }
  }
}
