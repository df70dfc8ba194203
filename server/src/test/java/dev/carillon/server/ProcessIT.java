package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.webhook.endpoint.EncryptionKey;
import dev.carillon.webhook.sign.SigningKey;
import dev.carillon.webhook.sign.WebhookSigner;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessIT {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private record Result(int exit, String out, String err) {}

  @Test
  void aServerWithoutAuthenticationThrottlesLogsForMachinesAndStops() {
    RunningServer server =
        RunningServer.start(
            Map.of(
                "AUTH", "none",
                "ENVIRONMENT", "dev",
                "THROTTLE_RATE", "1",
                "THROTTLE_BURST", "20"));
    try (server) {
      assertThat(server.send(server.request("/v1/api-keys")).statusCode()).isEqualTo(200);
      HttpResponse<String> foreign =
          server.send(server.request("/v1/api-keys").header("Origin", "https://b.example"));
      assertThat(foreign.statusCode()).isEqualTo(403);
      assertThat(foreign.headers().firstValue("content-type")).hasValue("application/problem+json");

      List<HttpResponse<String>> answers =
          IntStream.range(0, 60).mapToObj(_ -> server.send(server.request("/v1/x"))).toList();
      HttpResponse<String> refused = answers.getLast();
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
      assertThat(refused.headers().firstValue("content-type")).hasValue("application/problem+json");
      assertThat(server.send(server.request("/health")).statusCode()).isEqualTo(200);
      assertThat(server.send(server.request("/metrics")).statusCode()).isEqualTo(200);
    }
    assertThat(server.out()).hasSizeGreaterThanOrEqualTo(63).allMatch(line -> line.startsWith("{"));
  }

  @Test
  void aPortThatIsTakenIsToldInALine() throws Exception {
    int port = RunningServer.shared().base().getPort();

    Result result = run(RunningServer.command("serve", "--port", Integer.toString(port)), Map.of());

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err().lines())
        .singleElement()
        .asString()
        .startsWith("carillon: cannot listen on 127.0.0.1 port " + port);
  }

  @Test
  void theLauncherWorksFromAnywhereAndByALink(@TempDir Path folder) throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("c"), ROOT.resolve("carillon"));

    Result result = run(List.of(link.toString(), "--version"), Map.of("JAVA_HOME", "/nowhere"));

    assertThat(result.exit()).isZero();
    assertThat(result.out()).startsWith("carillon ");
  }

  @Test
  void theLauncherFindsAJdkThatIsNewEnough() throws Exception {
    String script = ". .mvn/jdk.sh && \"$JAVA_HOME/bin/java\" -version";

    Result result = run(List.of("sh", "-c", script), Map.of("JAVA_HOME", "/nowhere"));

    assertThat(result.exit()).isZero();
    assertThat(result.err()).containsPattern("version \"(2[5-9]|[3-9][0-9])");
  }

  @Test
  void withoutAuthenticationNothingButLoopbackIsListenedOn() throws Exception {
    Map<String, String> environment = Map.of("AUTH", "none", "HOST", "0.0.0.0");

    Result result = run(RunningServer.command("serve", "--port", "0"), environment);

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err().lines())
        .singleElement()
        .asString()
        .contains("HOST is \"0.0.0.0\"", "AUTH=none");
  }

  @Test
  void anEventTypesFileThatIsBrokenIsToldInALine(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("types.json"), "[{\"name\":\"ANNIVERSARY\"}]");

    Result result = serve(folder, Map.of("EVENT_TYPES_FILE", file.toString()));

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err().lines())
        .singleElement()
        .asString()
        .contains("EVENT_TYPES_FILE", file.toString(), "entry 1 (ANNIVERSARY): on");
  }

  @Test
  void aReceiverThatCannotBeDeliveredToIsToldInALine(@TempDir Path folder) throws Exception {
    Result result = serve(folder, Map.of("WEBHOOK_URL", "https://ann:secret@example.com/"));

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err().lines()).singleElement().asString().contains("WEBHOOK_URL");
    assertThat(result.err()).doesNotContain("secret");
  }

  @Test
  void aDatabaseThatIsDownIsToldInALine(@TempDir Path folder) throws Exception {
    String nobody = "jdbc:postgresql://127.0.0.1:1/carillon?password=hush";

    Result result = serve(folder, Map.of("DATABASE_URL", nobody));

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err().lines())
        .singleElement()
        .asString()
        .contains("cannot connect to the database")
        .doesNotContain("hush");
  }

  @Test
  void aDatabaseWhoseSecretsHaveAnotherKeyIsNotServed(@TempDir Path folder) throws Exception {
    Path data = folder.resolve("data");
    RunningServer.start(Map.of("CARILLON_DATA", data.toString())).stop();
    String made = Files.readString(data.resolve("encryption-key")).strip();
    String other = EncryptionKey.generate().text();

    Result refused = serve(folder, Map.of("ENCRYPTION_KEY", other));
    RunningServer.start(
            Map.of("CARILLON_DATA", data.toString(), "ENCRYPTION_KEY", other + " " + made))
        .stop();
    Result gone = serve(folder, Map.of("ENCRYPTION_KEY", made));

    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err())
        .contains("carillon: ENCRYPTION_KEY differs")
        .doesNotContain(made, other);
    assertThat(gone.exit()).isEqualTo(1);
  }

  @Test
  void receivePrintsWhatArrivesAndWhatItsSignatureIsWorth(@TempDir Path folder) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(RunningServer.command("receive", "--port", "0"));
    builder.environment().put("WEBHOOK_SECRET", Postbox.SECRET);
    builder.environment().put("CARILLON_DATA", folder.toString());
    Process process = builder.start();
    try (BufferedReader out = process.inputReader();
        BufferedReader err = process.errorReader()) {
      Matcher url = Pattern.compile("http://\\S+").matcher(err.readLine());
      assertThat(url.find()).isTrue();
      URI receiver = URI.create(url.group());

      assertThat(deliver(receiver, Postbox.SECRET, "carillon-attempt", "1")).isEqualTo(204);
      assertThat(out.readLine()).contains("evt_1  attempt 1  signature good");
      assertThat(out.readLine()).isEqualTo("  Hey, Ada?");
      assertThat(deliver(receiver, Postbox.SECRET)).isEqualTo(204);
      assertThat(out.readLine()).contains("evt_1  signature good");
      assertThat(out.readLine()).isEqualTo("  Hey, Ada?");
      assertThat(deliver(receiver, "whsec_" + "A".repeat(32))).isEqualTo(401);
      assertThat(out.readLine()).contains("SIGNATURE WRONG");

      String port = Integer.toString(receiver.getPort());
      Result second = run(RunningServer.command("receive", "--port", port), Map.of());
      assertThat(second.exit()).isEqualTo(1);
      assertThat(second.err().lines())
          .singleElement()
          .asString()
          .startsWith("carillon: cannot listen on 127.0.0.1 port " + port);
    } finally {
      process.destroy();
    }
  }

  private static int deliver(URI receiver, String secret, String... header) throws Exception {
    String body = "{\"data\":{\"message\":\"Hey, Ada\\u0007\"}}";
    Instant now = Instant.now();
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String signature =
        new WebhookSigner(List.of(SigningKey.parse(secret))).sign("evt_1", now, bytes);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(receiver)
            .header("webhook-id", "evt_1")
            .header("webhook-timestamp", Long.toString(now.getEpochSecond()))
            .header("webhook-signature", signature)
            .POST(HttpRequest.BodyPublishers.ofByteArray(bytes));
    if (header.length > 0) {
      request.headers(header);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  private static Result serve(Path folder, Map<String, String> environment) throws Exception {
    List<String> command =
        RunningServer.command("serve", "--port", "0", "--data", folder.resolve("data").toString());
    return run(command, environment);
  }

  private static Result run(List<String> command, Map<String, String> environment)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).directory(ROOT.toFile());
    builder.environment().putAll(environment);
    Path out = Files.createTempFile("out", "");
    Path err = Files.createTempFile("err", "");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Result(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }
}
