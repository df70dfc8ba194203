package dev.carillon.schedule;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What a schedule does when it fires.
 *
 * @param kind which kind of target, such as {@code webhook}
 * @param settings what that kind wants to know
 * @param input the template of what is handed to the target; null for the target's own
 */
public record TargetChoice(String kind, ObjectNode settings, @Nullable String input) {

  /** The longest kind, in characters. */
  public static final int MAX_KIND_LENGTH = 64;

  /** The most settings, in characters of JSON. */
  public static final int MAX_SETTINGS_LENGTH = 65_536;

  /** The longest input template, in characters. */
  public static final int MAX_INPUT_LENGTH = 65_536;

  public TargetChoice {
    requireNonNull(kind, "kind is null");
    settings = settings.deepCopy();
    if (kind.isEmpty() || kind.length() > MAX_KIND_LENGTH) {
      throw new IllegalArgumentException(
          "target_kind has %d characters: from 1 to %d are allowed"
              .formatted(kind.length(), MAX_KIND_LENGTH));
    }
    if (settings.toString().length() > MAX_SETTINGS_LENGTH) {
      throw new IllegalArgumentException(
          "target has more than %d characters of JSON".formatted(MAX_SETTINGS_LENGTH));
    }
    if (input != null && input.length() > MAX_INPUT_LENGTH) {
      throw new IllegalArgumentException(
          "input has %d characters: at most %d are allowed"
              .formatted(input.length(), MAX_INPUT_LENGTH));
    }
  }

  /** A copy: the settings cannot be changed from outside. */
  @Override
  public ObjectNode settings() {
    return settings.deepCopy();
  }
}
