package dev.carillon.bench.rate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A Java process that answers lines with lines of {@code name=value}. */
final class LineProcess implements AutoCloseable {

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter commands;

  private LineProcess(Process process) {
    this.process = process;
    this.answers = process.inputReader(UTF_8);
    this.commands = process.outputWriter(UTF_8);
  }

  /** Starts one like any other. */
  static LineProcess start(Class<?> main, String... arguments) {
    return start(List.of(), main, arguments);
  }

  /**
   * Starts one that goes before others, where that may be: what it measures is not its own wait.
   */
  static LineProcess startFirst(Class<?> main, String... arguments) {
    return start(List.of("nice", "-n", "-10"), main, arguments);
  }

  private static LineProcess start(List<String> how, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>(how);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    command.addAll(List.of(arguments));
    try {
      return new LineProcess(
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException("no process starts", e);
    }
  }

  /** Says something. */
  void tell(String line) {
    try {
      commands.write(line);
      commands.newLine();
      commands.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the process is gone", e);
    }
  }

  /** The next line it says. */
  Map<String, String> hear() {
    try {
      String line = answers.readLine();
      if (line == null) {
        throw new IllegalStateException("the process has ended: " + process.info());
      }
      Map<String, String> values = new HashMap<>();
      for (String word : line.split(" ")) {
        String[] parts = word.split("=", 2);
        values.put(parts[0], parts.length == 2 ? parts[1] : "");
      }
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException("the process is gone", e);
    }
  }

  /** The processor time it has used. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
