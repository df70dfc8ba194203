package dev.carillon.webhook.receiving;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.carillon.webhook.sign.SignatureKind;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program in another language that runs one snippet on one message and prints its verdict. */
record Script(List<String> command, Path folder) {

  private static final JsonMapper JSON = new JsonMapper();

  /** The file of a program on the PATH. */
  static Optional<Path> onPath(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  String verdict(SignatureKind kind, String key, Message message) throws Exception {
    Map<String, Object> input =
        Map.of(
            "snippet", kind.spelled(),
            "key", key,
            "headers", message.headers(),
            "body", message.body());
    return run(JSON.writeValueAsBytes(input));
  }

  /** What it prints. */
  String run(byte[] input) throws IOException, InterruptedException {
    Path out = Files.createTempFile("out", "");
    Path err = Files.createTempFile("err", "");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("PYTHONUTF8", "1");
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try (var stdin = process.getOutputStream()) {
      stdin.write(input);
    }
    if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new AssertionError(command + " failed: " + Files.readString(err, UTF_8));
    }
    return Files.readString(out, UTF_8).strip();
  }
}
