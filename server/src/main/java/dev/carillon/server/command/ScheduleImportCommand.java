package dev.carillon.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.schedule.expression.Spelling;
import dev.carillon.server.http.Json;
import dev.carillon.server.importing.Defaults;
import dev.carillon.server.importing.ImportFormat;
import dev.carillon.server.importing.Item;
import dev.carillon.time.TimeZones;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code carillon schedule import}. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description =
        "Make schedules of a crontab, of what EventBridge's get-schedule or describe-rule prints, "
            + "or of Kubernetes CronJobs.",
    footer = {
      "",
      "What cannot be imported is told with its line and the reason, and the rest goes on. Exit",
      "code 1: something was not imported."
    })
final class ScheduleImportCommand implements Callable<Integer> {

  private static final int INVALID = 2;
  private static final ZoneId UTC = ZoneId.of("UTC");

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(paramLabel = "FILE", description = "the file, - for standard input")
  private Path file = Path.of("-");

  @Option(
      names = "--from",
      paramLabel = "FORMAT",
      description = "crontab, eventbridge or cronjob (guessed)")
  private @Nullable String from;

  @Option(
      names = "--target",
      paramLabel = "JSON",
      description = "what the schedules do; a crontab's command becomes their input")
  private @Nullable String target;

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description = "put them in this group, unless the file names one")
  private @Nullable String group;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "the file's time zone where it names none (a crontab: this machine's; UTC)")
  private @Nullable String zone;

  @Option(names = "--dry-run", description = "only show what would be made; asks no server")
  private boolean dryRun;

  @Override
  public Integer call() {
    if (target == null && !dryRun) {
      throw new CommandFailed(INVALID, "--target: needed, such as '{\"kind\": \"webhook\"}'");
    }
    String text = ScheduleFlags.read(file);
    ImportFormat format = from == null ? ImportFormat.guess(text) : format(from);
    Defaults defaults =
        new Defaults(
            zone(format),
            group,
            target == null ? null : ScheduleVerbs.object("--target", target),
            Clock.systemUTC().instant());
    List<Item> items = format.read(text, defaults);
    if (dryRun) {
      return summed(items.stream().map(ScheduleImportCommand::shown).toList(), "ready");
    }
    try (ServerClient client = server.client()) {
      return summed(items.stream().map(item -> made(client, item)).toList(), "created");
    }
  }

  /**
   * What became of an item.
   *
   * @param good whether it was made, or could be
   * @param text for people
   * @param json for programs
   */
  private record Result(boolean good, String text, ObjectNode json) {}

  private int summed(List<Result> results, String done) {
    for (Result result : results) {
      server.out().println(server.isJson() ? result.json() : result.text());
    }
    long good = results.stream().filter(Result::good).count();
    long bad = results.size() - good;
    if (!server.isJson()) {
      server.out().println("%d %s, %d not imported".formatted(good, done, bad));
    }
    server.out().flush();
    return bad == 0 ? 0 : 1;
  }

  private static Result shown(Item item) {
    return switch (item) {
      case Item.Refused(String where, String reason) -> refused(where, reason);
      case Item.Ready ready -> good(ready, "", ready.body(), "ready");
    };
  }

  private static Result made(ServerClient client, Item item) {
    return switch (item) {
      case Item.Refused(String where, String reason) -> refused(where, reason);
      case Item.Ready ready -> {
        ServerClient.Reply reply = client.send("POST", ScheduleRef.SCHEDULES, ready.body());
        yield reply.isProblem()
            ? refused(ready.where(), reply.problem())
            : good(ready, ScheduleVerbs.next(reply.body()), reply.body(), "created");
      }
    };
  }

  private static Result refused(String where, String reason) {
    ObjectNode json =
        Json.object().put("where", where).put("result", "refused").put("reason", reason);
    String text = "%s: not imported: %s".formatted(where, reason.replace('\n', ';'));
    return new Result(false, Table.printable(text), json);
  }

  private static Result good(Item.Ready ready, String next, JsonNode schedule, String result) {
    ObjectNode json = Json.object().put("where", ready.where()).put("result", result);
    json.set("schedule", schedule);
    ready.notes().forEach(json.putArray("notes")::add);
    ObjectNode body = ready.body();
    StringBuilder text =
        new StringBuilder(
            "%s: %s %s, %s in %s%s"
                .formatted(
                    ready.where(),
                    result,
                    body.path("name").asText(),
                    body.path("expression").asText(),
                    body.path("zone").asText(),
                    next));
    ready.notes().forEach(note -> text.append(" (").append(note).append(')'));
    return new Result(true, Table.printable(text.toString()), json);
  }

  private static ImportFormat format(String name) {
    return Spelling.read(ImportFormat.class, name)
        .orElseThrow(
            () -> new CommandFailed(INVALID, "--from: crontab, eventbridge or cronjob is allowed"));
  }

  private ZoneId zone(ImportFormat format) {
    TimeZones zones = TimeZones.ofJvm();
    if (zone != null) {
      return zones
          .find(zone)
          .orElseThrow(() -> new CommandFailed(INVALID, "--zone: a time zone of IANA is allowed"));
    }
    return format == ImportFormat.CRONTAB
        ? zones.find(ZoneId.systemDefault().getId()).orElse(UTC)
        : UTC;
  }
}
