package dev.carillon.webhook.traffic;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What came of an endpoint's attempts since the last time it was told.
 *
 * @param succeeded how many succeeded
 * @param failed how many failed by the endpoint's fault
 * @param failedInRow how many of those after the last success
 * @param cause why the last one failed; null if none did
 * @param askedUntil until when the endpoint asked to be left alone; null if it did not
 * @param gone whether it answered that it is gone for good
 */
public record Tally(
    int succeeded,
    int failed,
    int failedInRow,
    @Nullable String cause,
    @Nullable Instant askedUntil,
    boolean gone) {

  /** Nothing was attempted. */
  public static final Tally NONE = new Tally(0, 0, 0, null, null, false);

  /** With one more attempt. */
  public Tally with(Result result) {
    return switch (result) {
      case Result.Succeeded _ -> new Tally(succeeded + 1, failed, 0, cause, askedUntil, gone);
      case Result.NotCharged _ -> this;
      case Result.Failed(String why, Instant until, boolean isGone) ->
          new Tally(
              succeeded,
              failed + 1,
              failedInRow + 1,
              why,
              later(askedUntil, until),
              gone || isGone);
    };
  }

  /** With what came after it. */
  Tally then(Tally later) {
    return new Tally(
        succeeded + later.succeeded,
        failed + later.failed,
        later.succeeded > 0 ? later.failedInRow : failedInRow + later.failedInRow,
        later.cause == null ? cause : later.cause,
        later(askedUntil, later.askedUntil),
        gone || later.gone);
  }

  /** Whether there is nothing to tell. */
  public boolean isEmpty() {
    return succeeded == 0 && failed == 0;
  }

  static @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.isAfter(b) ? a : b;
  }
}
