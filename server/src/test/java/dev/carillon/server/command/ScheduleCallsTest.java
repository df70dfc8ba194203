package dev.carillon.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.command.AnsweringServer.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands that ask a server, against one that answers what it is told to. */
class ScheduleCallsTest {

  private static final String SCHEDULE =
      """
      {"id":"0197-1","group":"default","name":"invoices","state":"enabled","tags":[],
       "expression":"cron(0 9 L * ? *)","zone":"Europe/Paris","state_reason":null,
       "target":{"kind":"webhook"},"next_at":"2027-01-31T08:00:00Z"}
      """;

  private final AnsweringServer server = new AnsweringServer();
  private final List<AnsweringServer.Asked> asked = server.asked;
  private final Map<String, String> answers = server.answers;

  @TempDir private Path folder = Path.of("unset");

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void createAsksForWhatTheFlagsSay() {
    answers.put("POST /v1/schedules", "201 " + SCHEDULE);

    Result result =
        run(
            "create",
            "--name",
            "invoices",
            "--expression",
            "cron(0 9 L * ? *)",
            "--zone",
            "Europe/Paris",
            "--target",
            "{\"kind\": \"webhook\"}",
            "--tag",
            "a",
            "--tag",
            "b",
            "--retry",
            "5s",
            "--catch-up",
            "2h",
            "--max-catch-up",
            "5",
            "--pause-on-failure",
            "--paused");

    assertThat(result.err()).isEmpty();
    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .isEqualTo("created default/invoices (0197-1), next at 2027-01-31T08:00:00Z\n");
    assertThat(asked)
        .singleElement()
        .satisfies(request -> {
          assertThat(request.authorization()).isEqualTo("Bearer secret");
          assertThat(request.body())
              .isEqualTo(
                  "{\"name\":\"invoices\",\"expression\":\"cron(0 9 L * ? *)\",\"zone\":\"Europe/Paris\","
                      + "\"catch_up\":\"2h\",\"target\":{\"kind\":\"webhook\"},\"tags\":[\"a\",\"b\"],"
                      + "\"retry\":[\"5s\"],\"max_catch_up\":5,\"pause_on_failure\":true,\"enabled\":false}");
        });
  }

  @Test
  void createReadsAFileAndFlagsWinOverIt() throws IOException {
    answers.put("POST /v1/schedules", "201 " + SCHEDULE);
    Path file = Files.writeString(folder.resolve("s.json"), "{\"name\": \"x\", \"zone\": \"UTC\"}");

    assertThat(run("create", "--file", file.toString(), "--name", "y").exit()).isZero();
    assertThat(asked.getFirst().body()).isEqualTo("{\"name\":\"y\",\"zone\":\"UTC\"}");
  }

  @Test
  void whatTheServerFindsWrongIsToldWithExitCodeTwo() {
    answers.put(
        "POST /v1/schedules",
        "400 {\"detail\":\"Invalid Schedule Expression x.\",\"errors\":[{\"field\":\"expression\",\"detail\":\"Invalid Schedule Expression x.\",\"column\":1}]}");

    assertThat(run("create", "--expression", "x"))
        .isEqualTo(new Result(2, "", "carillon: Invalid Schedule Expression x. (column 1)\n"));
  }

  @Test
  void severalErrorsAreALineEach() {
    answers.put(
        "POST /v1/schedules",
        "400 {\"detail\":\"2 fields are wrong\",\"errors\":[{\"field\":\"name\",\"detail\":\"is needed\"},{\"field\":\"zone\",\"detail\":\"must be\"}]}");

    assertThat(run("create").err()).isEqualTo("carillon: name is needed\ncarillon: zone must be\n");
  }

  @Test
  void helpSaysWhatATargetMayBe() {
    for (String command : List.of("create", "update")) {
      assertThat(AnsweringServer.execute(List.of("schedule", command, "--help")).out())
          .contains(
              "{\"kind\":\"webhook\",\"endpoint\":\"default\"}",
              "\"kind\":\"sql\"",
              "\"kind\":\"queue\"",
              "--expression=EXPRESSION")
          .doesNotContainPattern("--([a-z-]+)=<\\1>");
    }
  }

  @Test
  void listShowsATableOfAllPages() {
    answers.put(
        "GET /v1/schedules?limit=500&group=default",
        "200 {\"schedules\":[" + SCHEDULE + "],\"next_cursor\":\"c1\"}");
    answers.put(
        "GET /v1/schedules?limit=500&group=default&cursor=c1",
        "200 {\"schedules\":["
            + SCHEDULE.replace("2027-01-31T08:00:00Z\"", "x\"")
            + "],\"next_cursor\":null}");

    Result result = run("list", "--group", "default");

    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines())
        .containsExactly(
            "GROUP    NAME      STATE    EXPRESSION         ZONE          NEXT",
            "default  invoices  enabled  cron(0 9 L * ? *)  Europe/Paris  2027-01-31T08:00:00Z",
            "default  invoices  enabled  cron(0 9 L * ? *)  Europe/Paris  x");
  }

  @Test
  void listForProgramsIsOneObject() {
    answers.put(
        "GET /v1/schedules?limit=7", "200 {\"schedules\":[{\"id\":\"a\"}],\"next_cursor\":null}");

    assertThat(run("list", "--limit", "7", "--json").out())
        .isEqualTo("{\"schedules\":[{\"id\":\"a\"}]}\n");
  }

  @Test
  void showPrintsWhatSaysSomething() {
    answers.put("GET /v1/schedules/invoices", "200 " + SCHEDULE);

    assertThat(run("show", "invoices").out().lines())
        .contains("name          invoices", "target        {\"kind\":\"webhook\"}")
        .noneMatch(line -> line.startsWith("tags") || line.startsWith("state_reason"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pause invoices --reason books | POST /v1/schedules/invoices/pause        | {\"reason\":\"books\"} | paused default/invoices",
        "pause invoices                | POST /v1/schedules/invoices/pause        | {}                     | paused default/invoices",
        "resume billing/invoices       | POST /v1/schedules/invoices/resume?group=billing | ''             | resumed default/invoices, next at 2027-01-31T08:00:00Z",
        "explain invoices              | GET /v1/schedules/invoices/explain       | ''                     | It runs.",
        "backfill invoices --from 2026-01-01T00:00:00Z --to 2026-02-01T00:00:00Z | POST /v1/schedules/invoices/backfill | {\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-02-01T00:00:00Z\"} | 31 runs are due",
        "update invoices --zone Asia/Tokyo --no-pause-on-failure | PATCH /v1/schedules/invoices | {\"zone\":\"Asia/Tokyo\",\"pause_on_failure\":false} | updated default/invoices, next at 2027-01-31T08:00:00Z",
        "run invoices --input hello    | POST /v1/schedules/invoices/run          | {\"input\":\"hello\"}  | run r-1 is due"
      })
  void aVerbAsksForItsPathAndSaysWhatBecameOfIt(
      String line, String request, String body, String out) {
    answers.put(
        request,
        "200 "
            + SCHEDULE
                .strip()
                .replaceAll("}$", ",\"explanation\":\"It runs.\",\"run\":\"r-1\",\"runs\":31}"));

    assertThat(run(line.split(" "))).isEqualTo(new Result(0, out + "\n", ""));
    assertThat(asked)
        .singleElement()
        .satisfies(each -> {
          assertThat(each.line()).isEqualTo(request);
          assertThat(each.body()).isEqualTo(body);
        });
  }

  @Test
  void deleteLooksAndDeletes() {
    answers.put("GET /v1/schedules/a%20b", "200 " + SCHEDULE);
    answers.put("DELETE /v1/schedules/a%20b", "204 ");

    assertThat(run("delete", "a b")).isEqualTo(new Result(0, "deleted 0197-1\n", ""));
  }

  @Test
  void whatIsNotThereEndsWithOne() {
    assertThat(run("explain", "nobody"))
        .isEqualTo(new Result(1, "", "carillon: there is no such schedule\n"));
  }

  @Test
  void historyIsATable() {
    answers.put(
        "GET /v1/schedules/invoices/history?limit=20&only=runs",
        """
        200 {"firings":[
          {"nominal_at":"2027-01-31T08:00:00Z","status":"completed","kind":"scheduled","lateness":0.0031,"attempts":1,"reason":null,"count":1},
          {"nominal_at":"2026-12-31T08:00:00Z","status":"missed","kind":null,"lateness":null,"attempts":null,"reason":"nobody\\nup","count":3}]}
        """);

    assertThat(run("history", "invoices", "--only", "runs").out().lines())
        .containsExactly(
            "NOMINAL               STATUS     KIND       LATE     ATTEMPTS  REASON",
            "2027-01-31T08:00:00Z  completed  scheduled  0.003 s  1",
            "2026-12-31T08:00:00Z  missed x3                                nobody?up");
  }

  @Test
  void importTellsEachLineAndSumsUp() throws IOException {
    answers.put("POST /v1/schedules", "201 " + SCHEDULE);
    Path file = Files.writeString(folder.resolve("crontab"), "@daily /bin/a\n@reboot /bin/b\n");

    Result result =
        run(
            "import",
            file.toString(),
            "--zone",
            "UTC",
            "--target",
            "{\"kind\": \"queue\", \"queue\": \"q\"}");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out().lines())
        .containsExactly(
            "line 1: created a, cron(0 0 * * ? *) in UTC, next at 2027-01-31T08:00:00Z",
            "line 2: not imported: @reboot is no time",
            "1 created, 1 not imported");
    assertThat(asked)
        .singleElement()
        .satisfies(each ->
            assertThat(each.body()).contains("\"target\":{\"kind\":\"queue\",\"queue\":\"q\"}"));
  }

  @Test
  void whatTheServerRefusesIsNotImported() throws IOException {
    answers.put("POST /v1/schedules", "409 {\"detail\":\"taken\",\"errors\":[]}");
    Path file = Files.writeString(folder.resolve("crontab"), "@daily /bin/a\n@daily /bin/b\n");

    Result result = run("import", file.toString(), "--target", "{}", "--json", "--from", "crontab");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out().lines())
        .containsExactly(
            "{\"where\":\"line 1\",\"result\":\"refused\",\"reason\":\"taken\"}",
            "{\"where\":\"line 2\",\"result\":\"refused\",\"reason\":\"taken\"}");
  }

  @Test
  void aDryRunAsksNobody() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("rule.json"),
            "{\"Name\": \"r\", \"ScheduleExpression\": \"rate(5 minutes)\"}");

    Result result = run("import", file.toString(), "--dry-run");

    assertThat(result)
        .isEqualTo(
            new Result(
                0, "schedule r: ready r, rate(5 minutes) in UTC\n1 ready, 0 not imported\n", ""));
    assertThat(asked).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "import FILE                         | --target: needed",
        "import FILE --target []             | --target: a JSON object is allowed",
        "import FILE --dry-run --from xml    | --from: crontab, eventbridge or cronjob is allowed",
        "import FILE --dry-run --zone Mars   | --zone: a time zone of IANA is allowed",
        "import /no/such/file --dry-run      | cannot read /no/such/file",
        "create --target 7                   | --target: a JSON object is allowed",
        "create --file /no/such/file         | cannot read /no/such/file",
        "update invoices                     | nothing to change: give a flag",
        "backfill invoices --from x          | Missing required option: '--to=INSTANT'",
        "list --limit 0                      | --limit: a number from 1 is allowed",
        "show /                              | SCHEDULE: an id, a NAME or GROUP/NAME is allowed",
        "list --url ftp://x                  | --url: a URL such as"
      })
  void badUsageEndsWithTwoAndNamesTheFlag(String line, String told) throws IOException {
    Path file = Files.writeString(folder.resolve("crontab"), "@daily x\n");
    Result result = run(line.replace("FILE", file.toString()).split(" +"));

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).startsWith("carillon: " + told);
    assertThat(asked).isEmpty();
  }

  @Test
  void aServerThatIsNotThereIsTold() throws IOException {
    String nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = "http://127.0.0.1:" + socket.getLocalPort();
    }
    assertThat(run("list", "--url", nobody))
        .isEqualTo(
            new Result(
                1,
                "",
                "carillon: cannot reach "
                    + nobody
                    + ": is the server there? --url says where it is\n"));
  }

  @Test
  void withoutATokenOneOfTheDataFolderIsMade() throws IOException {
    answers.put("GET /v1/schedules?limit=500", "200 {\"schedules\":[]}");
    List<String> line =
        List.of(
            "schedule", "list", "--url", server.url(), "--data", folder.resolve("data").toString());

    assertThat(AnsweringServer.execute(line).exit()).isZero();
    assertThat(asked.getFirst().authorization()).startsWith("Bearer ey");
    assertThat(folder.resolve("data")).isNotEmptyDirectory();
  }

  private Result run(String... arguments) {
    return server.run("schedule", arguments);
  }
}
