package dev.carillon.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.security.Authentication.Caller;
import dev.carillon.server.security.Role;
import dev.carillon.server.security.TokenRules;
import dev.carillon.server.security.TokenVerifier;
import dev.carillon.server.settings.SecretFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandsTest {

  private record Result(int exit, String out, String err) {}

  @TempDir private Path data = Path.of("unset");

  @Test
  void aTokenIsGoodForAServerOfTheSameDataFolder() {
    Result result = run("token", "--role", "admin", "--data", data.toString());

    assertThat(result.exit()).isZero();
    assertThat(result.err()).isEmpty();
    TokenRules rules = TokenRules.ofSecret(SecretFile.jwt(data), Clock.systemUTC());
    assertThat(new TokenVerifier(rules).verify(result.out().strip()))
        .isEqualTo(new Caller("local-admin", Set.of(Role.ADMIN)));
  }

  @Test
  void aUsersTokenNeedsTheUser() {
    String id = "7b0c8f1e-0000-4000-8000-000000000001";

    assertThat(run("token", "--role", "user", "--data", data.toString()).err()).contains("--user");
    assertThat(run("token", "--role", "user", "--user", "ann", "--data", data.toString()))
        .satisfies(result -> assertThat(result.exit()).isEqualTo(2))
        .satisfies(result -> assertThat(result.err()).contains("a UUID is allowed"));
    assertThat(run("token", "--role", "user", "--user", id, "--data", data.toString()).exit())
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token",
        "token --role king",
        "token --role admin --expires soon",
        "token --role admin --expires 0s",
        "token --role admin --expires 999d",
        "serve --port x",
        "serve --bogus",
        "serve --config /no/such/file",
        "sreve",
        "birthday",
        "birthday preview",
        "birthday preview --date-of-birth 2001-02-29 --zone Europe/Berlin",
        "birthday preview --date-of-birth 2000-02-29 --zone Mars/Base",
        "birthday preview --file /no/such/file",
        "birthday preview --file - --years 3",
        "migrate 001 002",
        "migrate 001 --rollback",
        "migrate --list --rollback",
        "doctor --fix",
        ""
      })
  void badUsageEndsWithTwoAndAWordForPeople(String line) {
    Result result = run(line.isEmpty() ? new String[0] : line.split(" "));

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).isNotEmpty().doesNotContain("Exception", "\tat ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "serve --help",
        "token --help",
        "birthday preview --help",
        "webhook verify --help",
        "migrate --help",
        "doctor --help",
        "--version"
      })
  void helpIsThereForEverything(String line) {
    Result result = run(line.split(" "));

    assertThat(result.exit()).isZero();
    assertThat(result.out()).contains("carillon");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void anIssuersTokensAreNotOursToMake() throws Exception {
    Path file = data.resolve("carillon.env");
    Files.writeString(file, "OIDC_ISSUER=https://login.example\nJWT_AUDIENCE=carillon\n");

    Result result = run("token", "--role", "admin", "--config", file.toString());

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err())
        .isEqualToIgnoringNewLines(
            "carillon: tokens come from the OpenID Connect issuer: JWT_SECRET is not set");
  }

  @Test
  void aDatabaseThatIsNotThereIsToldInALine() {
    Result result =
        run("serve", "--port", "0", "--config", file("DATABASE_URL=postgresql://127.0.0.1:1/x"));

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).contains("cannot connect to the database");
  }

  @ParameterizedTest
  @ValueSource(strings = {"doctor", "migrate --list", "migrate --rollback"})
  void whereNoDatabaseIsNoneIsMade(String line) {
    Path empty = data.resolve("nothing");

    Result result = run((line + " --data " + empty).split(" "));

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("there is no database in " + empty, "DATABASE_URL");
    assertThat(empty.resolve("postgres")).doesNotExist();
  }

  @Test
  void aPreviewListsYearsAsATableOrAsJson() {
    String[] flags =
        "birthday preview --date-of-birth 2000-02-29 --zone America/New_York --from 2027 --years 2 --leap MAR_1"
            .split(" ");
    String[] json = Arrays.copyOf(flags, flags.length + 1);
    json[flags.length] = "--json";

    assertThat(run(flags).out().lines())
        .containsExactly(
            "year  local                utc                   note",
            "2027  2027-03-01T09:00     2027-03-01T14:00:00Z",
            "2028  2028-02-29T09:00     2028-02-29T14:00:00Z");
    assertThat(run(json).out())
        .startsWith("[{\"year\":2027,\"local\":\"2027-03-01T09:00")
        .contains("\"utc\":\"2028-02-29T14:00:00Z\",\"note\":null}]");
  }

  @Test
  void aFileOfCasesIsAnsweredLineByLine() {
    String cases =
        """
        {"date_of_birth":"1990-05-01","zone":"Asia/Tokyo","from":2026}

        {"date_of_birth":"1990-02-30","zone":"Asia/Tokyo","from":2026}
        nonsense
        """;

    Result result = run("birthday", "preview", "--file", file(cases));

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("\"utc\":\"2026-05-01T00:00:00Z\""),
            line -> assertThat(line).contains("\"field\":\"date_of_birth\""),
            line -> assertThat(line).contains("\"field\":\"case\""));
  }

  private String file(String text) {
    try {
      return Files.writeString(data.resolve("env"), text).toString();
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Result run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Commands.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return new Result(command.execute(args), out.toString(), err.toString());
  }
}
