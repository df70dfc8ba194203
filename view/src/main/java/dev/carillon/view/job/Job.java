package dev.carillon.view.job;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A scan job: a row of {@code jobs}.
 *
 * @param id its id
 * @param bucket which bucket is scanned
 * @param prefix what the keys of its objects begin with; empty for all
 * @param executionArn which execution does it; null if none is known
 * @param createdAt when it was asked for
 * @param updatedAt when its row was changed
 */
public record Job(
    UUID id,
    String bucket,
    String prefix,
    @Nullable String executionArn,
    Instant createdAt,
    Instant updatedAt) {

  public Job {
    requireNonNull(id, "id is null");
    requireNonNull(bucket, "bucket is null");
    requireNonNull(prefix, "prefix is null");
    requireNonNull(createdAt, "createdAt is null");
    requireNonNull(updatedAt, "updatedAt is null");
  }
}
