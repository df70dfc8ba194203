package dev.carillon.webhook.traffic;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something about an endpoint that a person should hear of.
 *
 * @param kind what happened
 * @param endpoint to which endpoint
 * @param name what people call it
 * @param cause why, for people
 * @param failures how many attempts failed in a row
 * @param since when the first of them did; null if none
 * @param at when it happened
 */
public record Alert(
    Kind kind,
    UUID endpoint,
    String name,
    String cause,
    int failures,
    @Nullable Instant since,
    Instant at) {

  /** What happened. */
  public enum Kind {
    /** Attempts fail, one after the other. */
    FAILING,
    /** Nothing is sent any more. */
    DISABLED,
    /** An attempt succeeded after a person was told that they fail. */
    RECOVERED
  }

  public Alert {
    requireNonNull(kind, "kind is null");
    requireNonNull(endpoint, "endpoint is null");
    requireNonNull(name, "name is null");
    requireNonNull(cause, "cause is null");
    requireNonNull(at, "at is null");
  }
}
