package dev.carillon.refresh.source;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.RefreshRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a call to a source came to. Reasons are fit to be shown, and have no secrets. */
public sealed interface Fetched {

  /** The record that was asked for. */
  RecordKey key();

  /**
   * The record came.
   *
   * @param body as the source wrote it
   * @param fetchedAt when it was asked for: it is as fresh as this
   * @param freshUntil asking again before brings the same
   * @param followUps requests that follow from what it says
   */
  record Found(
      RecordKey key,
      JsonNode body,
      Instant fetchedAt,
      Instant freshUntil,
      List<RefreshRequest> followUps)
      implements Fetched {
    public Found {
      requireNonNull(key, "key is null");
      requireNonNull(body, "body is null");
      requireNonNull(fetchedAt, "fetchedAt is null");
      requireNonNull(freshUntil, "freshUntil is null");
      followUps = List.copyOf(followUps);
    }
  }

  /** There is no such record, or it is private: asking again before {@code until} is no use. */
  record Missing(RecordKey key, String reason, Instant fetchedAt, Instant until)
      implements Fetched {}

  /** The call failed. It is not made again by itself. */
  record Failed(RecordKey key, String reason) implements Fetched {}

  /** The source was called too fast, and did not serve the record. */
  record TooFast(RecordKey key, String reason, @Nullable Duration retryAfter) implements Fetched {}

  /**
   * The source serves nobody at present.
   *
   * @param reason in words of ours, after which may come {@code ": "} and what the source said:
   *     that is not for everybody, for it may name our address
   */
  record Down(RecordKey key, String reason, @Nullable Duration retryAfter) implements Fetched {}

  /** No call was made: there was no moment for it to leave. */
  record NotCalled(RecordKey key) implements Fetched {}

  /** The source does not take our key: no call can be made until that is mended. */
  record Refused(RecordKey key, String reason) implements Fetched {}
}
