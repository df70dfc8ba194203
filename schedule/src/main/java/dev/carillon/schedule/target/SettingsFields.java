package dev.carillon.schedule.target;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Checks which fields the settings of a target have. */
public final class SettingsFields {

  private SettingsFields() {}

  /** What is wrong if settings are no object, or have other fields than these; empty if nothing. */
  public static Optional<String> unknown(JsonNode settings, Set<String> allowed) {
    if (!settings.isObject()) {
      return Optional.of("must be a JSON object");
    }
    return settings
        .propertyStream()
        .map(field -> field.getKey())
        .filter(field -> !allowed.contains(field))
        .findFirst()
        .map(field ->
            "%s is unknown: allowed: %s"
                .formatted(field, String.join(", ", new TreeSet<>(allowed))));
  }
}
