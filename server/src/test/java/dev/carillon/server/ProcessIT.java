package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
