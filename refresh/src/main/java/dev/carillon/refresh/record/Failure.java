package dev.carillon.refresh.record;

import static java.util.Objects.requireNonNull;

import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RecordKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A call that failed, and is not made again by itself.
 *
 * @param id names it; later ones have higher numbers
 * @param key which record was asked for
 * @param priority how urgent it was
 * @param reason why it failed, fit to be shown
 * @param failedAt when
 */
public record Failure(long id, RecordKey key, Priority priority, String reason, Instant failedAt) {

  public Failure {
    requireNonNull(key, "key is null");
    requireNonNull(priority, "priority is null");
    requireNonNull(reason, "reason is null");
    requireNonNull(failedAt, "failedAt is null");
  }

  /**
   * A failed call that is not written yet.
   *
   * @param key which record was asked for
   * @param priority how urgent it was
   * @param reason why it failed; what is longer than {@link #MAX_REASON} is cut
   */
  public record Noted(RecordKey key, Priority priority, String reason) {

    /** The longest reason, in characters. */
    public static final int MAX_REASON = 1_000;

    public Noted {
      requireNonNull(key, "key is null");
      requireNonNull(priority, "priority is null");
      requireNonNull(reason, "reason is null");
      String cut = reason.substring(0, Math.min(MAX_REASON, reason.length()));
      // PostgreSQL keeps no NUL in a text, and no half of a surrogate pair.
      byte[] utf8 = cut.replace("\0", "").getBytes(StandardCharsets.UTF_8);
      reason = new String(utf8, StandardCharsets.UTF_8);
    }
  }
}
