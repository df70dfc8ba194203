package dev.carillon.refresh.drain;

import static java.util.Objects.requireNonNull;

import dev.carillon.refresh.request.Priority;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A wish that a record be fetched again, as somebody wrote it.
 *
 * @param source the source's name; null for the first one
 * @param type the record's type
 * @param tag the record's tag, as people write it
 * @param priority how urgent it is; null for what is usual: {@link Refreshes#urgency}
 * @param requestedAt when it was wished for; null for now
 */
public record Wish(
    @Nullable String source,
    String type,
    String tag,
    @Nullable Priority priority,
    @Nullable Instant requestedAt) {

  public Wish {
    requireNonNull(type, "type is null");
    requireNonNull(tag, "tag is null");
  }
}
