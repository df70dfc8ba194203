package dev.carillon.server.http;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Ids in paths. */
public final class PathIds {

  // UUID.fromString also takes 1-1-1-1-1.
  private static final Pattern FORM =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private PathIds() {}

  /**
   * The id that a path's part stands for.
   *
   * @throws ProblemException 400 that names {@code id} if it is no UUID
   */
  public static UUID parse(String text) {
    return find(text)
        .orElseThrow(() -> new ProblemException(Problem.invalid("id", "must be a UUID")));
  }

  /** The id that a text stands for; empty if it is no UUID. */
  public static Optional<UUID> find(String text) {
    return FORM.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
  }
}
