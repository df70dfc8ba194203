package dev.carillon.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ScheduleCommandTest {

  private record Result(int exit, String out, String err) {}

  @TempDir private Path folder = Path.of("unset");

  @Test
  void previewPrintsTheNextTimesAsJson() {
    Result result =
        preview(
            "--expression",
            "cron(0 9 L * ? *)",
            "--zone",
            "Europe/Paris",
            "--after",
            "2026-01-01T00:00:00Z",
            "--count",
            "3",
            "--gap",
            "skip",
            "--overlap",
            "first",
            "--json");

    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .isEqualToIgnoringNewLines(
            "{\"valid\":true,\"next\":[\"2026-01-31T08:00:00Z\",\"2026-02-28T08:00:00Z\","
                + "\"2026-03-31T07:00:00Z\"]}");
  }

  @Test
  void anInvalidExpressionEndsWithTwoAndSaysWhere() {
    Result json = preview("--expression", "cron(0 99 L * ? *)", "--json");
    assertThat(json.exit()).isEqualTo(2);
    assertThat(json.out())
        .isEqualToIgnoringNewLines(
            "{\"valid\":false,\"error\":\"Invalid Schedule Expression cron(0 99 L * ? *)."
                + " hours: 99 is not allowed, but 0-23.\",\"column\":8}");

    Result words = preview("--expression", "cron(0 99 L * ? *)");
    assertThat(words.exit()).isEqualTo(2);
    assertThat(words.out()).isEmpty();
    assertThat(words.err()).contains("0-23. (column 8)");
  }

  @Test
  void anotherBadFlagIsNamed() {
    Result json = preview("--expression", "rate(1 day)", "--zone", "Mars/Base", "--json");
    assertThat(json.exit()).isEqualTo(2);
    assertThat(json.out()).startsWith("{\"valid\":false,\"error\":\"zone is Mars/Base");
    assertThat(json.out()).endsWith(",\"column\":0}" + System.lineSeparator());

    assertThat(preview("--expression", "rate(1 day)", "--gap", "x").err())
        .contains("--gap is x, but must be one of shift_forward, end_of_gap, skip");
    assertThat(preview("--count", "3").err()).contains("--expression is required");
    assertThat(preview("--file", "/no/such/file").exit()).isEqualTo(2);
    assertThat(preview("--file", "-", "--count", "3").exit()).isEqualTo(2);
    assertThat(run("schedule").exit()).isEqualTo(2);
  }

  @Test
  void peopleSeeATableWithWhatIsUnusual() {
    Result result =
        preview(
            "--expression",
            "cron(30 2 * * ? *)",
            "--zone",
            "America/New_York",
            "--after",
            "2026-03-08T00:00:00Z",
            "--count",
            "2",
            "--gap",
            "shift-forward");

    assertThat(result.out().lines())
        .containsExactly(
            "local                offset  utc                   note",
            "2026-03-08T03:30     -04:00  2026-03-08T07:30:00Z  2026-03-08T02:30 does not exist:"
                + " moved out of a gap",
            "2026-03-09T02:30     -04:00  2026-03-09T06:30:00Z");
    assertThat(preview("--expression", "cron(0 0 31 2 ? *)").out()).startsWith("never: ");
  }

  @Test
  void aFileOfCasesIsAnsweredLineByLine() throws Exception {
    String cases =
        """
        {"expression":"at(2026-07-01T09:00:00)","zone":"Asia/Tokyo","after":"2026-01-01T00:00:00Z","count":2}

        {"expression":"rrule(FREQ=DAILY)","dtstart":"2026-01-01T09:00:00","after":"2026-01-05T00:00:00Z","count":1}
        {"expression":"cron(0 0 31 2 ? *)","gap":"End-of-gap","overlap":"both"}
        {"expression":"cron(x)"}
        {"expression":"rate(1 day)","count":1.5}
        {"expression":"rate(1 day)","count":0}
        {"expression":5}
        {"expression":"rate(1 day)","tz":"UTC"}
        nonsense
        """;
    Path file = Files.writeString(folder.resolve("cases"), cases);

    Result result = preview("--file", file.toString());

    assertThat(result.exit()).isEqualTo(2);
    List<String> lines = result.out().lines().toList();
    assertThat(lines.subList(0, 3))
        .containsExactly(
            "{\"valid\":true,\"next\":[\"2026-07-01T00:00:00Z\"]}",
            "{\"valid\":true,\"next\":[\"2026-01-05T09:00:00Z\"]}",
            "{\"valid\":true,\"next\":[],\"never\":\"No later date up to the end of 2199 matches.\"}");
    assertThat(lines.subList(3, lines.size()))
        .hasSize(6)
        .allSatisfy(line -> assertThat(line).startsWith("{\"valid\":false,\"error\":\""));
    assertThat(lines.subList(4, lines.size()))
        .allSatisfy(line -> assertThat(line).endsWith("\",\"column\":0}"));
  }

  private static Result preview(String... flags) {
    return run(
        Stream.concat(Stream.of("schedule", "preview"), Stream.of(flags)).toArray(String[]::new));
  }

  private static Result run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Commands.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return new Result(command.execute(args), out.toString(), err.toString());
  }
}
