package dev.carillon.bench.views;

import static dev.carillon.bench.views.JobData.SQL;

import dev.carillon.bench.database.BenchDatabase;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * What the figures depend on.
 *
 * @param version of the server
 * @param values of its settings, by name
 * @param processors of the machine
 */
public record Settings(String version, Map<String, String> values, int processors) {

  public Settings {
    values = Map.copyOf(values);
  }

  static Settings of(BenchDatabase database, String version) {
    try (Handle handle = database.observe()) {
      Map<String, String> values =
          handle
              .createQuery(SQL.get("settings"))
              .map((row, _) -> Map.entry(row.getString("name"), row.getString("value")))
              .list()
              .stream()
              .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
      return new Settings(version, values, Runtime.getRuntime().availableProcessors());
    }
  }

  /** How many processes of this machine want a processor, on average of the last minute. */
  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  String text() {
    return "PostgreSQL %s, %d processors; %s; no autovacuum of the jobs' tables"
        .formatted(
            version,
            processors,
            new TreeMap<>(values)
                .entrySet().stream()
                    .map(one -> one.getKey() + "=" + one.getValue())
                    .collect(Collectors.joining(", ")));
  }
}
