package dev.carillon.webhook.traffic;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What an attempt says about its endpoint. */
public sealed interface Result {

  /** The endpoint took the message. */
  record Succeeded() implements Result {}

  /**
   * It did not, and that is its fault.
   *
   * @param cause why, for people
   * @param askedUntil until when it asked to be left alone; null if it did not
   * @param gone whether it answered that it is gone for good
   */
  record Failed(String cause, @Nullable Instant askedUntil, boolean gone) implements Result {

    /** The longest cause that is kept, in characters. */
    public static final int MAX_CAUSE_LENGTH = 400;

    public Failed {
      requireNonNull(cause, "cause is null");
      cause = storable(cause);
    }

    /** What tables can keep: no table keeps the character NUL. */
    private static String storable(String cause) {
      String kept = cause.replace('\0', '?');
      return kept.length() > MAX_CAUSE_LENGTH ? kept.substring(0, MAX_CAUSE_LENGTH) : kept;
    }
  }

  /** It says nothing: our own network failed, or the attempt was given up. */
  record NotCharged() implements Result {}
}
