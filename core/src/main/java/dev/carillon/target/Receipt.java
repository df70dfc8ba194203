package dev.carillon.target;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.UUID;

/**
 * What a target has to tell of an attempt: kept in the attempts log, in the transaction that
 * settles the attempt.
 *
 * @param lane where it was made, such as an endpoint
 * @param startedAt when it was really begun: a lane may have let it wait
 * @param details a JSON object
 */
public record Receipt(UUID lane, Instant startedAt, String details) {

  /** The most details, in characters. */
  public static final int MAX_DETAILS = 32_768;

  public Receipt {
    requireNonNull(lane, "lane is null");
    requireNonNull(startedAt, "startedAt is null");
    requireNonNull(details, "details is null");
    if (details.length() > MAX_DETAILS) {
      throw new IllegalArgumentException(
          "details has %d characters: at most %d are allowed"
              .formatted(details.length(), MAX_DETAILS));
    }
  }
}
