package dev.carillon.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.server.command.EndpointCommand.Finding;
import dev.carillon.server.command.EndpointCommand.Judge;
import dev.carillon.server.command.EndpointCommand.Rules;
import dev.carillon.webhook.address.AddressPolicy;
import dev.carillon.webhook.address.NameResolver;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class EndpointCommandTest {

  private static final String ALLOWED = "{\"allowed\":true}";
  private static final String NOT_RESOLVED =
      "{\"allowed\":true,\"note\":\"the name was not resolved; decided again at every attempt\"}";
  private static final String LOOPBACK =
      "{\"allowed\":false,\"reason\":\"127.0.0.1 is a loopback address (127.0.0.0/8)\"}";
  private static final NameResolver NOBODY =
      host -> {
        throw new UnknownHostException(host);
      };

  private record Result(int exit, String out, String err) {}

  @TempDir private Path folder = Path.of("unset");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://8.8.8.8/ --json | 0 | " + ALLOWED,
        "https://8.8.8.8/ | 0 | allowed",
        "https://127.1/ --json | 2 | " + LOOPBACK,
        "https://127.1/ | 2 | refused: 127.0.0.1 is a loopback address (127.0.0.0/8)",
        "https://example.com/ --no-resolve --json | 0 | " + NOT_RESOLVED,
        "https://example.com/ --no-resolve | 0 | allowed: the name was not resolved; decided again at every attempt",
        "https://db/ --no-resolve | 2 | refused: db: a name of a single label is for internal networks",
        "https://x.internal/ --no-resolve | 2 | refused: x.internal: names under .internal are for internal networks",
        "https://localhost/ | 2 | refused: localhost is this machine (RFC 6761)",
        "http://8.8.8.8/ | 2 | refused: the URL must begin with https://",
        "http://8.8.8.8/ --allow-http | 0 | allowed",
        "http://127.0.0.1:9000/x --local | 0 | allowed",
        "http://127.0.0.1:22/x --local | 0 | allowed",
        "http://localhost:9000/x --local | 0 | allowed",
        "http://localhost:9000/x --local --no-resolve --json | 0 | " + NOT_RESOLVED,
        "http://10.0.0.1/ --local | 2 | refused: 10.0.0.1 is a private address (10.0.0.0/8)",
        "https://10.0.0.1/ --allow 10.0.0.0/16 | 0 | allowed",
        "https://[fd00::1]/ --allow 10.0.0.0/16 --allow fd00::/8 | 0 | allowed",
        "https://10.1.0.1/ --allow 10.0.0.0/16 | 2 | refused: 10.1.0.1 is a private address (10.0.0.0/8)"
      })
  void aUrlIsJudged(String line, int exit, String out) {
    Result result = run(("endpoint check " + line).split(" "));

    assertThat(result).isEqualTo(new Result(exit, out + System.lineSeparator(), ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "endpoint",
        "endpoint check",
        "endpoint check https://8.8.8.8/ --file -",
        "endpoint check --file /no/such/file",
        "endpoint check https://8.8.8.8/ --allow 10.0.0.1/8",
        "endpoint check https://8.8.8.8/ --allow x",
        "endpoint check https://8.8.8.8/ --bogus",
        "endpoint chekc"
      })
  void badUsageEndsWithTwoAndAWordForPeople(String line) {
    Result result = run(line.split(" "));

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("carillon: ").doesNotContain("Exception", "\tat ");
  }

  @Test
  void helpSaysWhichVariablesCount() {
    assertThat(run("endpoint", "--help").out()).contains("check");
    assertThat(run("endpoint", "check", "--help").out())
        .contains("WEBHOOK_ALLOWED_CIDRS", "WEBHOOK_ALLOW_HTTP", "WEBHOOK_ALLOWED_PORTS");
  }

  @Test
  void aFileIsAnsweredLineByLine() throws IOException {
    Result result =
        file("https://8.8.8.8/", "", "https://127.1/", "  ", "https://a.example/", "nonsense ");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines())
        .containsExactly(
            ALLOWED,
            LOOPBACK,
            NOT_RESOLVED,
            "{\"allowed\":false,\"reason\":\"the URL must not have blanks or control characters\"}");
  }

  @Test
  void aFileOfAllowedUrlsEndsWithZero() throws IOException {
    assertThat(file("https://8.8.8.8/", "https://1.1.1.1/").exit()).isZero();
    assertThat(file().exit()).isZero();
  }

  @Test
  @Timeout(20)
  void aHundredThousandLinesAreQuick() throws IOException {
    String[] lines =
        IntStream.range(0, 100_000)
            .mapToObj(i -> "https://" + i + ".a.example/")
            .toArray(String[]::new);

    assertThat(file(lines).out().lines()).hasSize(lines.length).containsOnly(NOT_RESOLVED);
  }

  @Test
  void theEnvironmentSaysWhatIsAllowed() {
    AddressPolicy policy =
        new Rules()
            .policy(
                Map.of(
                    "WEBHOOK_ALLOWED_CIDRS", "10.0.0.0/8, ::1",
                    "WEBHOOK_ALLOW_HTTP", "true",
                    "WEBHOOK_ALLOWED_PORTS", "81, 6379"));

    assertThat(policy.allowHttp()).isTrue();
    assertThat(policy.allowLoopback()).isFalse();
    assertThat(policy.allowedPorts()).containsExactlyInAnyOrder(81, 6379);
    assertThat(policy.allowedCidrs()).hasToString("[10.0.0.0/8, ::1/128]");
    assertThat(
            new Rules().policy(Map.of("WEBHOOK_ALLOW_HTTP", "false", "WEBHOOK_ALLOWED_PORTS", "")))
        .isEqualTo(AddressPolicy.strict());
  }

  @ParameterizedTest
  @CsvSource({
    "WEBHOOK_ALLOWED_CIDRS, 10.0.0.1/8",
    "WEBHOOK_ALLOWED_CIDRS, ';'",
    "WEBHOOK_ALLOW_HTTP, yes",
    "WEBHOOK_ALLOWED_PORTS, 0",
    "WEBHOOK_ALLOWED_PORTS, 65536",
    "WEBHOOK_ALLOWED_PORTS, '81,'"
  })
  void aWrongVariableIsNamed(String name, String value) {
    assertThatThrownBy(() -> new Rules().policy(Map.of(name, value)))
        .isInstanceOf(CommandFailed.class)
        .hasMessageStartingWith(name + ": ");
  }

  @Test
  void allAddressesOfANameAreJudged() {
    NameResolver resolver =
        host ->
            new InetAddress[] {
              InetAddress.ofLiteral("8.8.8.8"),
              InetAddress.ofLiteral(host.startsWith("bad") ? "10.0.0.1" : "8.8.4.4")
            };
    try (Judge judge = new Judge(AddressPolicy.strict(), resolver)) {
      assertThat(judge.judge("https://good.example/").join()).isEqualTo(new Finding(true, ""));
      assertThat(judge.judge("https://bad.example/").join())
          .isEqualTo(new Finding(false, "bad.example: 10.0.0.1 is a private address (10.0.0.0/8)"));
    }
  }

  @Test
  void aNameThatDoesNotResolveIsDecidedLaterUnlessItIsInternal() {
    try (Judge judge = new Judge(AddressPolicy.strict(), NOBODY)) {
      assertThat(judge.judge("https://gone.example/").join())
          .isEqualTo(
              new Finding(true, "the name does not resolve here; decided again at every attempt"));
      assertThat(judge.judge("https://gone.corp/").join().allowed()).isFalse();
    }
  }

  @Test
  @Timeout(30)
  void aResolverThatHangsIsWaitedForTwoSecondsAndThenGivenUp() {
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    NameResolver hanging =
        host -> {
          asked.incrementAndGet();
          try {
            never.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
          throw new UnknownHostException(host);
        };
    try (Judge judge = new Judge(AddressPolicy.strict(), hanging)) {
      long start = System.nanoTime();
      for (int round = 0; round < 3; round++) {
        List<CompletableFuture<Finding>> findings = new ArrayList<>();
        for (int i = 0; i < Judge.MOST_AT_ONCE; i++) {
          findings.add(judge.judge("https://slow.example/"));
        }
        assertThat(findings).allSatisfy(finding -> assertThat(finding.join().allowed()).isTrue());
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThan(Judge.LONGEST_LOOKUP)
          .isLessThan(Judge.LONGEST_LOOKUP.multipliedBy(5));
      assertThat(asked).hasValue(2 * Judge.MOST_AT_ONCE);
    }
  }

  private Result file(String... lines) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("urls"), Arrays.stream(lines).collect(Collectors.joining("\n")));
    return run("endpoint", "check", "--no-resolve", "--file", file.toString());
  }

  private static Result run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Commands.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return new Result(command.execute(args), out.toString(), err.toString());
  }
}
