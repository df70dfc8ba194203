package dev.carillon.server.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.birthday.BirthdayPreview;
import dev.carillon.birthday.BirthdayPreview.Entry;
import dev.carillon.birthday.PreviewCase;
import dev.carillon.server.http.Json;
import dev.carillon.time.TimeZones;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code carillon birthday}. */
@Command(
    name = "birthday",
    mixinStandardHelpOptions = true,
    description = "Look at birthdays.",
    synopsisSubcommandLabel = "COMMAND")
final class BirthdayCommand implements Runnable {

  private static final int INVALID = 2;
  private static final int DEFAULT_YEARS = 5;
  private static final String ROW = "%-6s%-21s%-22s%s";

  @Spec private @Nullable CommandSpec spec;

  /** What {@code --date-of-birth} and its like say, or where cases are read from. */
  static final class Preview {
    @Option(names = "--date-of-birth", paramLabel = "YYYY-MM-DD", description = "the date of birth")
    @Nullable String dateOfBirth;

    @Option(names = "--zone", description = "the time zone, such as Europe/Berlin")
    @Nullable String zone;

    @Option(names = "--from", paramLabel = "YEAR", description = "the first year (this year)")
    @Nullable Integer from;

    @Option(names = "--years", paramLabel = "N", description = "how many years (5)")
    @Nullable Integer years;

    @Option(names = "--at", paramLabel = "HH:MM", description = "the time of day (09:00)")
    @Nullable String at;

    @Option(names = "--leap", description = "29 February: FEB_28, MAR_1 or LEAP_ONLY (FEB_28)")
    @Nullable String leap;

    String json() {
      ObjectNode json = Json.object();
      put(json, "date_of_birth", dateOfBirth);
      put(json, "zone", zone);
      put(json, "at", at);
      put(json, "leap", leap);
      Year now = Year.now(Clock.systemUTC().withZone(ZoneOffset.UTC));
      json.put("from", from == null ? now.getValue() : from);
      json.put("years", years == null ? DEFAULT_YEARS : years);
      return json.toString();
    }

    private static void put(ObjectNode json, String field, @Nullable String value) {
      if (value != null) {
        json.put(field, value);
      }
    }

    boolean isEmpty() {
      return dateOfBirth == null
          && zone == null
          && from == null
          && years == null
          && at == null
          && leap == null;
    }
  }

  @Override
  public void run() {
    throw new CommandFailed(INVALID, "a command is needed: carillon birthday preview");
  }

  @Command(
      name = "preview",
      mixinStandardHelpOptions = true,
      description = "Show when a birthday message would come, year by year.")
  int preview(
      @picocli.CommandLine.Mixin Preview options,
      @Option(names = "--json", description = "print JSON: an array of a line") boolean json,
      @Option(
              names = "--file",
              paramLabel = "FILE",
              description = "read cases from a file, - for standard input: a JSON object a line")
          @Nullable Path file)
      throws IOException {
    PrintWriter out = CaseFile.out(spec);
    if (file == null) {
      return one(options, json, out);
    }
    if (!options.isEmpty()) {
      throw new CommandFailed(
          INVALID, "--file: the cases say everything, no other flag is allowed");
    }
    try (InputStream in = CaseFile.open(file)) {
      return all(in, out);
    }
  }

  private static int one(Preview options, boolean json, PrintWriter out) {
    TimeZones zones = TimeZones.ofJvm();
    return switch (PreviewCase.parse(options.json(), zones)) {
      case PreviewCase.Invalid invalid -> {
        String flag = "--" + invalid.error().field().replace('_', '-');
        throw new CommandFailed(INVALID, flag + " " + invalid.error().message());
      }
      case PreviewCase.Valid valid -> {
        List<Entry> entries = new BirthdayPreview(zones).entries(valid.preview());
        if (json) {
          out.println(BirthdayPreview.json(entries));
        } else {
          table(entries, out);
        }
        out.flush();
        yield 0;
      }
    };
  }

  private static int all(InputStream in, PrintWriter out) throws IOException {
    TimeZones zones = TimeZones.ofJvm();
    BirthdayPreview preview = new BirthdayPreview(zones);
    return CaseFile.answer(
        in,
        out,
        line ->
            switch (PreviewCase.parse(line, zones)) {
              case PreviewCase.Valid valid -> {
                out.println(BirthdayPreview.json(preview.entries(valid.preview())));
                yield true;
              }
              case PreviewCase.Invalid invalid -> {
                out.println(invalid.json());
                yield false;
              }
            });
  }

  private static void table(List<Entry> entries, PrintWriter out) {
    out.println(ROW.formatted("year", "local", "utc", "note").stripTrailing());
    for (Entry entry : entries) {
      String row =
          ROW.formatted(
              entry.year(),
              entry.local() == null ? "-" : entry.local(),
              entry.utc() == null ? "-" : entry.utc(),
              entry.note() == null ? "" : entry.note());
      out.println(row.stripTrailing());
    }
  }
}
