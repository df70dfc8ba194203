package dev.carillon.server.command;

import dev.carillon.server.settings.EnvironmentFile;
import dev.carillon.server.settings.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where settings come from. */
final class SettingsOptions {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "read settings from a file of NAME=VALUE lines; the environment wins over it")
  @Nullable Path config;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "keep the embedded database and secrets here (CARILLON_DATA, ./data)")
  @Nullable String data;

  /** The settings; {@code flags} win over the environment, which wins over the file. */
  Settings read(Map<String, String> environment, Map<String, String> flags) {
    Map<String, String> values =
        new HashMap<>(config == null ? Map.of() : EnvironmentFile.read(config));
    environment.forEach((name, value) -> {
      if (!value.isBlank()) {
        values.put(name, value);
      }
    });
    values.putAll(flags);
    if (data != null) {
      values.put("CARILLON_DATA", data);
    }
    return Settings.from(values);
  }
}
