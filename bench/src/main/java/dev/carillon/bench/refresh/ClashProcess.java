package dev.carillon.bench.refresh;

import dev.carillon.testkit.FakeClashMain;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The stand-in of the API: a process of its own, so that its processor time is not counted. */
final class ClashProcess implements AutoCloseable {

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter questions;
  private final Map<String, String> address = new HashMap<>();

  private ClashProcess(Process process) throws IOException {
    this.process = process;
    this.answers = process.inputReader();
    this.questions = process.outputWriter();
    for (String part : line().split(" ")) {
      int equals = part.indexOf('=');
      address.put(part.substring(0, equals), part.substring(equals + 1));
    }
  }

  /** One that allows so many calls in any second. */
  static ClashProcess start(int limit) {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            FakeClashMain.class.getName(),
            "0",
            Integer.toString(limit));
    try {
      return new ClashProcess(
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException("the stand-in does not start", e);
    }
  }

  String url() {
    return address.getOrDefault("url", "");
  }

  String portal() {
    return address.getOrDefault("portal", "");
  }

  String key() {
    return address.getOrDefault("key", "");
  }

  /** Begins the count of calls anew. */
  void clear() {
    var _ = ask("clear");
  }

  /** What has arrived. */
  String seen() {
    return ask("");
  }

  @Override
  public void close() {
    process.destroy();
  }

  private String ask(String question) {
    try {
      questions.write(question);
      questions.newLine();
      questions.flush();
      return line();
    } catch (IOException e) {
      throw new UncheckedIOException("the stand-in does not answer", e);
    }
  }

  private String line() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("the stand-in ended");
    }
    return line;
  }
}
