package dev.carillon.server.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.webhook.sign.SignatureKind;
import dev.carillon.webhook.sign.SigningKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class WebhookCommandTest {

  private record Result(int exit, String out, String err) {}

  // The vector of the Standard Webhooks reference libraries.
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final String TIMESTAMP = "1614265330";
  private static final String BODY = "{\"test\": 2432232314}";
  private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  @TempDir private Path folder = Path.of("unset");

  private Map<String, String> environment = Map.of();

  @Nested
  class Sign {

    @Test
    void printsTheHeadersReadyForCurl() {
      assertThat(sign("--secret", SECRET, "--timestamp", TIMESTAMP, "--body", BODY))
          .isEqualTo(
              new Result(
                  0,
                  """
                  webhook-id: %s
                  webhook-timestamp: %s
                  webhook-signature: %s
                  """
                      .formatted(ID, TIMESTAMP, SIGNATURE),
                  ""));
    }

    @Test
    void printsAnObjectWithJson() {
      assertThat(sign("--secret", SECRET, "--timestamp", TIMESTAMP, "--body", BODY, "--json").out())
          .isEqualToIgnoringNewLines(
              """
              {"webhook-id":"%s","webhook-timestamp":"%s","webhook-signature":"%s"}\
              """
                  .formatted(ID, TIMESTAMP, SIGNATURE));
    }

    @Test
    void readsTheBodyByteForByteFromAFileOrStandardInput() {
      String file = file("body", BODY);
      assertThat(sign("--secret", SECRET, "--timestamp", TIMESTAMP, "--body-file", file).out())
          .contains(SIGNATURE);
      InputStream before = System.in;
      System.setIn(new ByteArrayInputStream((BODY + "\n").getBytes(UTF_8)));
      try {
        assertThat(sign("--secret", SECRET, "--timestamp", TIMESTAMP, "--body-file", "-").out())
            .contains("webhook-signature: v1,")
            .doesNotContain(SIGNATURE);
      } finally {
        System.setIn(before);
      }
    }

    @Test
    void takesSecretsFromAFileAndElseFromTheEnvironment() {
      SigningKey pair = SigningKey.generate(SignatureKind.V1A);
      environment = Map.of("WEBHOOK_SECRET", SECRET + "  " + pair.secret());
      assertThat(sign("--timestamp", TIMESTAMP, "--body", BODY).out())
          .contains(
              SIGNATURE + " " + pair.sign(ID, Long.parseLong(TIMESTAMP), BODY.getBytes(UTF_8)));
      String file = file("secrets", "\n" + SECRET + "\n");
      assertThat(sign("--secret-file", file, "--timestamp", TIMESTAMP, "--body", BODY).out())
          .endsWith("webhook-signature: " + SIGNATURE + System.lineSeparator());
    }

    @Test
    void signsNowUnlessTold() {
      Result signed = sign("--secret", SECRET, "--body", "");
      Map<String, String> headers =
          signed
              .out()
              .lines()
              .map(line -> line.split(": "))
              .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
      assertThat(
              run(
                      "verify",
                      "--secret",
                      SECRET,
                      "--id",
                      ID,
                      "--timestamp",
                      headers.getOrDefault("webhook-timestamp", ""),
                      "--signature",
                      headers.getOrDefault("webhook-signature", ""),
                      "--body",
                      "")
                  .out())
          .isEqualToIgnoringNewLines("valid");
    }

    private Result sign(String... args) {
      return run(
          Stream.concat(Stream.of("sign", "--id", ID), Stream.of(args)).toArray(String[]::new));
    }
  }

  @Nested
  class Verify {

    @Test
    void saysValid() {
      assertThat(verify(BODY, "--secret", SECRET, "--now", "1614265331"))
          .satisfies(result -> assertThat(result.exit()).isZero())
          .satisfies(result -> assertThat(result.out()).isEqualToIgnoringNewLines("valid"));
      assertThat(verify(BODY, "--secret", SECRET, "--now", TIMESTAMP, "--json").out())
          .isEqualToIgnoringNewLines("{\"valid\":true}");
    }

    @Test
    void saysWhatIsWrongAndEndsWithOne() {
      assertThat(verify(BODY, "--secret", SECRET, "--now", "1614266050"))
          .satisfies(result -> assertThat(result.exit()).isOne())
          .satisfies(result -> assertThat(result.err()).isEmpty())
          .satisfies(result ->
              assertThat(result.out())
                  .startsWith("invalid: webhook-timestamp is too old by 7 min")
                  .contains("check the receiver's clock"));
      assertThat(verify(BODY + " ", "--secret", SECRET, "--now", TIMESTAMP, "--json"))
          .satisfies(result -> assertThat(result.exit()).isOne())
          .satisfies(result ->
              assertThat(result.out())
                  .startsWith("{\"valid\":false,\"reason\":\"no v1 signature matches"));
    }

    @Test
    void goesByTheWallClockAndTheTolerance() {
      assertThat(verify(BODY, "--secret", SECRET).out())
          .startsWith("invalid: webhook-timestamp is");
      assertThat(verify(BODY, "--secret", SECRET, "--tolerance", "36500d").exit()).isZero();
      assertThat(
              verify(BODY, "--secret", SECRET, "--now", "1614265332", "--tolerance", "1s").exit())
          .isOne();
    }

    @Test
    void takesAPublicKeyAndThenNoSecretOfTheEnvironment() {
      SigningKey pair = SigningKey.generate(SignatureKind.V1A);
      String publicKey = pair.publicKey().orElseThrow();
      environment = Map.of("WEBHOOK_SECRET", SECRET);
      assertThat(verify(BODY, "--now", TIMESTAMP).exit()).isZero();
      assertThat(verify(BODY, "--now", TIMESTAMP, "--public-key", publicKey).out())
          .startsWith("invalid: webhook-signature has no v1a signature");
      assertThat(
              run(
                      "verify",
                      "--public-key",
                      publicKey,
                      "--id",
                      ID,
                      "--timestamp",
                      TIMESTAMP,
                      "--signature",
                      pair.sign(ID, Long.parseLong(TIMESTAMP), BODY.getBytes(UTF_8)),
                      "--body",
                      BODY,
                      "--now",
                      TIMESTAMP)
                  .exit())
          .isZero();
    }

    private Result verify(String body, String... args) {
      List<String> first =
          List.of(
              "verify",
              "--id",
              ID,
              "--timestamp",
              TIMESTAMP,
              "--signature",
              SIGNATURE,
              "--body",
              body);
      return run(Stream.concat(first.stream(), Stream.of(args)).toArray(String[]::new));
    }
  }

  @Nested
  class Key {

    @Test
    void isAUsableSecret() {
      String secret = run("key").out().strip();
      assertThat(SigningKey.parse(secret).kind()).isEqualTo(SignatureKind.V1);
    }

    @Test
    void hasAPublicKeyBelowWhereItIsAPair() {
      List<String> lines = run("key", "--kind", "v1a").out().lines().toList();
      assertThat(lines).hasSize(2);
      assertThat(SigningKey.parse(lines.getFirst()).publicKey()).contains(lines.getLast());
    }

    @Test
    void isAnObjectWithJson() {
      assertThat(run("key", "--kind", "v1a", "--json").out())
          .matches("\\{\"kind\":\"v1a\",\"secret\":\"whsk_.*\",\"public_key\":\"whpk_.*\"}\\R");
      assertThat(run("key", "--json").out()).doesNotContain("public_key");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sign",
        "sign --id msg_1 --body x",
        "sign --id msg_1 --secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "sign --id msg.1 --body x --secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "sign --id msg_1 --body x --body-file y --secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "sign --id msg_1 --body-file /no/such --secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "sign --id msg_1 --body x --secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw --timestamp soon",
        "sign --id msg_1 --body x --secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw --timestamp -1",
        "sign --id msg_1 --body x --secret whsec_MfKQ9r8GKYqr",
        "sign --id msg_1 --body x --secret MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "sign --id msg_1 --body x --secert whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "sign --id msg_1 --body x --secret-file /no/such",
        "verify --id msg_1 --timestamp 1 --signature v1,x --body x",
        "verify --id msg_1 --timestamp 1 --signature v1,x --body x --public-key whsec_MfKQ9r8GKYqr",
        "verify --id msg_1 --timestamp 1 --signature v1,x --body x --secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw --tolerance x",
        "verify --id msg_1 --timestamp 1 --signature v1,x --body x --secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw --now x",
        "key --kind v2"
      })
  void badUsageEndsWithTwoAndRepeatsNoSecret(String line) {
    Result result = run(line.isEmpty() ? new String[0] : line.split(" "));

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).isNotEmpty().doesNotContain("Exception", "\tat ", "MfKQ9r8GKYqr");
  }

  @Test
  void elevenSecretsAreTooMany() {
    String file = file("secrets", (SECRET + "\n").repeat(11));
    for (String command : List.of("sign", "verify --timestamp 1 --signature x")) {
      Result result = run((command + " --id msg_1 --body x --secret-file " + file).split(" "));
      assertThat(result.exit()).isEqualTo(2);
      assertThat(result.err()).contains("keys has 11: from 1 to 10 are allowed");
    }
  }

  @Test
  void helpWarnsOfSecretsOnACommandLine() {
    assertThat(run("sign", "--help").out())
        .contains(
            "Whoever can list processes reads a command line", "WEBHOOK_SECRET", "--secret-file");
  }

  private String file(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Result run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Commands.commandLine(new CommandLine(new WebhookCommand(environment)))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return new Result(command.execute(args), out.toString(), err.toString());
  }
}
