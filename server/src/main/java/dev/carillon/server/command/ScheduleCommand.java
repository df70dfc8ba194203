package dev.carillon.server.command;

import dev.carillon.schedule.preview.Preview;
import dev.carillon.schedule.preview.PreviewRequest;
import dev.carillon.schedule.preview.PreviewRequest.Answer;
import dev.carillon.schedule.preview.PreviewRequest.Bad;
import dev.carillon.schedule.preview.PreviewRequest.Good;
import dev.carillon.time.TimeZones;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code carillon schedule}. */
@Command(
    name = "schedule",
    mixinStandardHelpOptions = true,
    description = "Make schedules and look at them.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ScheduleCreateCommand.class,
      ScheduleUpdateCommand.class,
      ScheduleListCommand.class,
      ScheduleVerbs.Show.class,
      ScheduleVerbs.Pause.class,
      ScheduleVerbs.Resume.class,
      ScheduleVerbs.Run.class,
      ScheduleVerbs.Backfill.class,
      ScheduleHistoryCommand.class,
      ScheduleVerbs.Explain.class,
      ScheduleVerbs.Delete.class,
      ScheduleImportCommand.class
    })
final class ScheduleCommand implements Runnable {

  private static final int INVALID = 2;
  private static final String ROW = "%-21s%-8s%-22s%s";

  @Spec private @Nullable CommandSpec spec;

  /** What {@code --expression} and its like say. */
  static final class Options {
    @Option(
        names = "--expression",
        paramLabel = "EXPRESSION",
        description = "rate(...), cron(...), at(...), yearly(...) or rrule(...)")
    @Nullable String expression;

    @Option(
        names = "--zone",
        paramLabel = "ZONE",
        description = "the time zone, such as Europe/Berlin (UTC)")
    @Nullable String zone;

    @Option(names = "--after", paramLabel = "INSTANT", description = "the times after this (now)")
    @Nullable String after;

    @Option(names = "--count", paramLabel = "N", description = "how many times (5)")
    @Nullable Integer count;

    @Option(
        names = "--gap",
        paramLabel = "POLICY",
        description = "what a skipped time does: skip, shift_forward or end_of_gap")
    @Nullable String gap;

    @Option(
        names = "--overlap",
        paramLabel = "POLICY",
        description = "which of two equal times is meant: first, second or both")
    @Nullable String overlap;

    @Option(
        names = "--dtstart",
        paramLabel = "TIME",
        description = "what a rate or an rrule is counted from, a local time or an instant")
    @Nullable String dtstart;

    PreviewRequest request() {
      return new PreviewRequest(expression, zone, after, count, gap, overlap, dtstart);
    }

    boolean isEmpty() {
      return Stream.of(expression, zone, after, count, gap, overlap, dtstart)
          .allMatch(option -> option == null);
    }
  }

  @Override
  public void run() {
    throw new CommandFailed(INVALID, "a command is needed: see carillon schedule --help");
  }

  @Command(
      name = "preview",
      mixinStandardHelpOptions = true,
      description = "Show when an expression comes next.")
  int preview(
      @Mixin Options options,
      @Option(names = "--json", description = "print a JSON object on one line") boolean json,
      @Option(
              names = "--file",
              paramLabel = "FILE",
              description = "read cases from a file, - for standard input: a JSON object a line")
          @Nullable Path file)
      throws IOException {
    PrintWriter out = CaseFile.out(spec);
    Instant now = Clock.systemUTC().instant();
    if (file == null) {
      return one(options.request().read(TimeZones.ofJvm(), now), json, out);
    }
    if (!options.isEmpty()) {
      throw new CommandFailed(
          INVALID, "--file: the cases say everything, no other flag is allowed");
    }
    try (InputStream in = CaseFile.open(file)) {
      return all(in, out, now);
    }
  }

  private static int one(Answer answer, boolean json, PrintWriter out) {
    if (json) {
      out.println(PreviewJson.answer(answer));
    } else {
      switch (answer) {
        case Good good -> table(good.preview(), out);
        case Bad bad -> throw new CommandFailed(INVALID, error(bad));
      }
    }
    out.flush();
    return answer instanceof Bad ? INVALID : 0;
  }

  private static String error(Bad bad) {
    return bad.column() == 0
        ? "--" + bad.error()
        : "%s (column %d)".formatted(bad.error(), bad.column());
  }

  private static int all(InputStream in, PrintWriter out, Instant now) throws IOException {
    TimeZones zones = TimeZones.ofJvm();
    return CaseFile.answer(
        in,
        out,
        line -> {
          Answer answer = PreviewJson.read(line, zones, now);
          out.println(PreviewJson.answer(answer));
          return answer instanceof Good;
        });
  }

  private static void table(Preview preview, PrintWriter out) {
    Preview.Found found = preview.find();
    if (!found.occurrences().isEmpty()) {
      out.println(ROW.formatted("local", "offset", "utc", "note").stripTrailing());
    }
    for (Preview.Entry entry : preview.entries(found.occurrences())) {
      String note = entry.note() == null ? "" : entry.note();
      String row = ROW.formatted(entry.local(), entry.offset(), entry.utc(), note);
      out.println(row.stripTrailing());
    }
    if (found.end() != null) {
      out.println(found.occurrences().isEmpty() ? "never: " + found.end() : "then never again");
    }
  }
}
