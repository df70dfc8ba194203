package dev.carillon.server.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings in a file: a {@code NAME=VALUE} on each line, {@code #} begins a comment line, and one
 * pair of quotes around a value is dropped.
 */
public final class EnvironmentFile {

  private EnvironmentFile() {}

  /**
   * Reads a file.
   *
   * @throws InvalidSettings if it cannot be read, or has a line or a name that means nothing
   */
  public static Map<String, String> read(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new InvalidSettings(List.of("--config: cannot read the file " + file));
    }
    Map<String, String> values = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        read(line, file + ", line " + (i + 1), values, problems);
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidSettings(problems);
    }
    return values;
  }

  private static void read(
      String line, String where, Map<String, String> values, List<String> problems) {
    int equals = line.indexOf('=');
    if (equals < 1) {
      problems.add(where + ": NAME=VALUE is allowed");
      return;
    }
    String name = line.substring(0, equals).strip();
    if (!Settings.NAMES.contains(name)) {
      problems.add(
          "%s: unknown name; these are known: %s"
              .formatted(where, String.join(", ", Settings.NAMES)));
      return;
    }
    values.put(name, unquoted(line.substring(equals + 1).strip()));
  }

  private static String unquoted(String value) {
    boolean quoted =
        value.length() >= 2
            && value.charAt(0) == value.charAt(value.length() - 1)
            && (value.charAt(0) == '"' || value.charAt(0) == '\'');
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
