package dev.carillon.server.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** What {@code --file} names: cases, one a line, answered line by line as a filter does. */
final class CaseFile {

  private static final int INVALID = 2;

  private CaseFile() {}

  /** Opens a file; {@code -} is standard input. */
  static InputStream open(Path file) {
    if (file.toString().equals("-")) {
      return System.in;
    }
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw new CommandFailed(INVALID, "--file: cannot read " + file);
    }
  }

  /** Where answers go; they are seen when it is flushed. */
  static PrintWriter out(@Nullable CommandSpec spec) {
    if (spec == null) {
      throw new IllegalStateException("a command runs in a command line");
    }
    // Not the command line's own writer: that one flushes after every line.
    return new PrintWriter(spec.commandLine().getOut(), false);
  }

  /**
   * Has every line answered that is not blank. Answers are seen when no further line waits.
   *
   * @param answered prints an answer; false if the case was a bad one
   * @return the exit code: 2 if any was
   */
  static int answer(InputStream in, PrintWriter out, Predicate<String> answered)
      throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    int exit = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.isBlank()) {
        continue;
      }
      exit = answered.test(line) ? exit : INVALID;
      if (!lines.ready()) {
        out.flush();
      }
    }
    out.flush();
    return exit;
  }
}
